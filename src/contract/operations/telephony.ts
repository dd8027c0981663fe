/** What gateways tell us: reports about messages and calls, replies, keys pressed. Each proves itself by its signature. */
import { z } from 'zod'
import { defineRoutes } from '../route.ts'
import { id, line } from '../shapes.ts'

const byIntent = z.object({ intentId: id })
const LARGEST_BYTES = 64 * 1024

/** What a gateway of one's own posts; `id` is the id of the message or call that it is about. */
export const gatewayNote = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('status'),
    id,
    status: z.enum(['delivered', 'failed', 'unknown']),
    detail: line(200).optional(),
  }),
  z.object({ type: z.literal('reply'), from: z.string().max(40), text: z.string().max(2_000) }),
  z.object({ type: z.literal('key'), id, digit: z.string().max(1) }),
])

export const telephonyRoutes = defineRoutes({
  twilioStatus: {
    method: 'POST',
    path: '/telephony/twilio/status/:intentId',
    summary: "Twilio's report about a message or call; signed (X-Twilio-Signature)",
    permission: 'public',
    params: byIntent,
    reply: z.unknown(),
    errors: ['wrong-credentials', 'not-found'],
    bodyLimit: LARGEST_BYTES,
  },
  twilioKeys: {
    method: 'POST',
    path: '/telephony/twilio/keys/:intentId',
    summary: 'A key pressed in a call that Twilio placed; 1 takes the page; answered with TwiML',
    permission: 'public',
    params: byIntent,
    reply: z.unknown(),
    errors: ['wrong-credentials', 'not-found'],
    bodyLimit: LARGEST_BYTES,
  },
  twilioMessage: {
    method: 'POST',
    path: '/telephony/twilio/messages',
    summary:
      'A text message that came in at Twilio: set this address as the webhook of the number; answered with TwiML',
    permission: 'public',
    reply: z.unknown(),
    errors: ['wrong-credentials', 'not-found'],
    bodyLimit: LARGEST_BYTES,
  },
  gatewayNote: {
    method: 'POST',
    path: '/telephony/gateway',
    summary: 'What a gateway of your own reports: status, reply or key; signed with SMS_GATEWAY_SECRET',
    permission: 'public',
    reply: z.object({
      /** What to send or say back; null for nothing. */
      say: z.string().nullable(),
    }),
    errors: ['wrong-credentials', 'not-found', 'invalid-input'],
    bodyLimit: LARGEST_BYTES,
  },
})
