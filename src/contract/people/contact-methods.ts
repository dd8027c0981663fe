/** How a person can be reached: ways they added, each proven by a code that went out on it. */
import { z } from 'zod'
import { CONTACT_KINDS } from '../../domain/people/contact-methods/contact-method.ts'
import { defineRoutes } from '../route.ts'
import { done, id, instant } from '../shapes.ts'

export const contactKind = z.enum(CONTACT_KINDS)

export const contactMethod = z.object({
  id,
  kind: contactKind,
  /** The address as its owner knows it again; a topic and a webhook's path are secrets and are not shown. */
  address: z.string(),
  createdAt: instant,
  /** Null until the code was entered; until then nothing is sent to it but codes. */
  verifiedAt: instant.nullable(),
  /** When something that went out on it last came back. */
  provenAt: instant.nullable(),
})
export type ContactMethodReply = z.input<typeof contactMethod>

/** What came of sending the code; `detail` is the carrier's answer, in English. */
const codeSent = z.object({ kind: z.enum(['accepted', 'refused', 'later']), detail: z.string() })

export const newContactMethod = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('email') }),
  /** A phone number with its country code, such as +46 70 555 01 23. */
  z.strictObject({ kind: z.enum(['sms', 'voice']), number: z.string().max(40) }),
  z.strictObject({ kind: z.literal('slack'), member: z.string().max(40) }),
  z.strictObject({ kind: z.literal('mattermost'), username: z.string().max(65) }),
  z.strictObject({ kind: z.literal('ntfy'), topic: z.string().max(64) }),
  z.strictObject({ kind: z.literal('webhook'), url: z.string().max(1_000) }),
])

const byId = z.object({ methodId: id })

export const contactMethodRoutes = defineRoutes({
  listContactMethods: {
    method: 'GET',
    path: '/api/me/contact-methods',
    summary: 'How I can be reached, and which ways work in this installation',
    permission: 'self.reach',
    reply: z.object({
      rows: z.array(contactMethod),
      ways: z.array(
        z.object({
          kind: contactKind,
          works: z.boolean(),
          /** What is missing where it does not work. */
          why: z.string().nullable(),
        }),
      ),
    }),
  },
  addContactMethod: {
    method: 'POST',
    path: '/api/me/contact-methods',
    summary: 'Add a way to reach me; a code goes out on it at once. E-mail means the address of the account',
    permission: 'self.reach',
    body: newContactMethod,
    reply: z.object({
      method: contactMethod,
      /** What a webhook is signed with; shown this once. */
      secret: z.string().nullable(),
      code: codeSent,
    }),
    status: 201,
    errors: ['already-exists', 'conflict'],
  },
  sendContactCode: {
    method: 'POST',
    path: '/api/me/contact-methods/:methodId/code',
    summary: 'Send a new code on a way of mine; the code before stops working',
    permission: 'self.reach',
    params: byId,
    reply: z.object({ code: codeSent }),
    errors: ['not-found', 'conflict'],
  },
  verifyContactMethod: {
    method: 'POST',
    path: '/api/me/contact-methods/:methodId/verify',
    summary: 'Enter the code that arrived: from now on this way counts',
    permission: 'self.reach',
    params: byId,
    body: z.strictObject({ code: z.string().max(20) }),
    reply: contactMethod,
    errors: ['not-found', 'conflict'],
  },
  removeContactMethod: {
    method: 'DELETE',
    path: '/api/me/contact-methods/:methodId',
    summary: 'Take a way back: nothing is sent to it any more',
    permission: 'self.reach',
    params: byId,
    reply: done,
    errors: ['not-found'],
  },
})
