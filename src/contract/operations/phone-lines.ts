/** Lines that people call to reach whoever is on call, and what a gateway reports about such a call. */
import { z } from 'zod'
import { defineRoutes } from '../route.ts'
import { done, id, instant, line, slug } from '../shapes.ts'

/** E.164. */
export const phoneNumber = z.string().regex(/^\+[1-9]\d{6,14}$/, 'must be a number such as +46705550100')
const priority = z.number().int().min(1).max(5)
const person = z.object({ id, name: z.string() })

const phoneCall = z.object({
  id,
  receivedAt: instant,
  endedAt: instant.nullable(),
  status: z.enum(['ringing', 'taken', 'missed']),
  /** As the network told it; null when it was hidden or is erased. */
  from: z.string().nullable(),
  takenBy: person.nullable(),
  /** At whom it rang, in order. */
  rangAt: z.array(person),
  /** Where the gateway keeps what the caller left to be heard. */
  messageUrl: z.string().nullable(),
})

const phoneLine = z.object({
  number: z.string(),
  name: z.string(),
  /** What the caller hears first; '' for a sentence of ours. */
  greeting: z.string(),
  /** Of the alert that a missed call becomes. */
  priority,
  ringSeconds: z.number().int(),
  /** The last calls, newest first. */
  calls: z.array(phoneCall),
})
export type PhoneLineReply = z.infer<typeof phoneLine>

const byEnvironment = z.object({ environment: slug.or(id) })
const byNumber = byEnvironment.extend({ number: phoneNumber })

export const phoneLineRoutes = defineRoutes({
  listPhoneLines: {
    method: 'GET',
    path: '/api/environments/:environment/phone-lines',
    summary: 'Lines of an environment, each with its last calls, and who would be rung at this moment.',
    permission: 'alerts.read',
    params: byEnvironment,
    reply: z.object({
      rows: z.array(phoneLine),
      /** In the order in which they would be rung. */
      wouldRing: z.array(person),
      /** Why no call can come in; null where they can. */
      lacks: z.string().nullable(),
      can: z.object({ change: z.boolean() }),
    }),
    errors: ['not-found'],
  },
  putPhoneLine: {
    method: 'PUT',
    path: '/api/environments/:environment/phone-lines/:number',
    summary: 'Adds a line, or changes what is said of one; what is left out stays.',
    permission: 'phone-lines.change',
    params: byNumber,
    body: z.strictObject({
      name: line(80).optional(),
      greeting: z.union([z.literal(''), line(300)]).optional(),
      priority: priority.optional(),
      ringSeconds: z.number().int().min(10).max(60).optional(),
    }),
    reply: phoneLine,
    errors: ['not-found', 'already-exists', 'invalid-input'],
  },
  removePhoneLine: {
    method: 'DELETE',
    path: '/api/environments/:environment/phone-lines/:number',
    summary: 'Calls to this number are turned away from now on.',
    permission: 'phone-lines.change',
    params: byNumber,
    reply: done,
    errors: ['not-found'],
  },
})

/** What a gateway of one's own reports; `id` is its own name of the call, the same in every report. */
export const gatewayCallNote = z.discriminatedUnion('type', [
  z.object({ type: z.literal('call'), id: line(100), from: z.string().max(40), to: z.string().max(40) }),
  z.object({ type: z.literal('passed'), id: line(100), position: z.number().int().min(0).max(10) }),
  z.object({ type: z.literal('taken'), id: line(100), position: z.number().int().min(0).max(10) }),
  z.object({ type: z.literal('ended'), id: line(100) }),
  z.object({ type: z.literal('message'), id: line(100), url: z.string().max(2_000) }),
])

const LARGEST_BYTES = 64 * 1024
const byCall = z.object({ callId: id })
const byPlace = byCall.extend({ position: z.coerce.number().int().min(0).max(10) })
const fromTwilio = {
  method: 'POST',
  permission: 'public',
  reply: z.unknown(),
  errors: ['wrong-credentials', 'not-found'],
  bodyLimit: LARGEST_BYTES,
} as const

export const phoneCallRoutes = defineRoutes({
  twilioCall: {
    ...fromTwilio,
    path: '/telephony/twilio/calls',
    summary:
      'A call that came in at Twilio: set this address as the voice webhook of the number; answered with TwiML',
  },
  twilioScreen: {
    ...fromTwilio,
    path: '/telephony/twilio/calls/:callId/:position/screen',
    summary: 'Somebody picked up: they are asked to press 1, so that no answering machine takes a call',
    params: byPlace,
  },
  twilioKey: {
    ...fromTwilio,
    path: '/telephony/twilio/calls/:callId/:position/key',
    summary: 'The key they pressed; 1 takes the call',
    params: byPlace,
  },
  twilioPassed: {
    ...fromTwilio,
    path: '/telephony/twilio/calls/:callId/:position/passed',
    summary: 'It rings there no more: the next is rung, or the caller may leave a message',
    params: byPlace,
  },
  twilioMessageLeft: {
    ...fromTwilio,
    path: '/telephony/twilio/calls/:callId/message',
    summary: 'The caller left a message; it stays at Twilio, its address is kept',
    params: byCall,
  },
  gatewayCall: {
    method: 'POST',
    path: '/telephony/gateway/calls',
    summary: 'What a gateway of your own reports about an incoming call; signed with SMS_GATEWAY_SECRET',
    permission: 'public',
    reply: z.object({
      /** Said to the caller. */
      say: z.string().nullable(),
      /** Whom to ring now; null: nobody. */
      ring: z
        .object({
          position: z.number().int(),
          number: z.string(),
          seconds: z.number().int(),
          /** Said to whoever picks up; only key 1 takes the call. */
          ask: z.string(),
        })
        .nullable(),
      /** Whether the caller may leave a message now. */
      record: z.boolean(),
    }),
    errors: ['wrong-credentials', 'not-found', 'invalid-input'],
    bodyLimit: LARGEST_BYTES,
  },
})
