/** Where gateways call back. Nothing is looked at before its signature is right; a forged call changes nothing and learns nothing. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { gatewayNote, telephonyRoutes } from '../../../../contract/operations/telephony.ts'
import {
  deliveryOfCallStatus,
  deliveryOfMessageStatus,
} from '../../../../domain/operations/paging/delivery.ts'
import {
  asXml,
  bindSigned,
  gatewayJson,
  twilioForm,
  type Answering,
  type Form,
} from '../../../platform/carriers/signed-callbacks.ts'
import { meaningOfTwilioCode } from '../../../platform/carriers/twilio.ts'
import type { Platform } from '../../../platform/context.ts'
import { Fault } from '../../../platform/faults.ts'
import type { Answer } from '../take-by-message.ts'
import { noteDelivery } from './note-delivery.ts'
import { replyOnce } from './reply-once.ts'
import { takeByKey, takeByReply } from './take-by-phone.ts'
import { twimlSaying, twimlTexting } from './twiml.ts'

const statusOf = ({ MessageStatus, CallStatus, ErrorCode }: Form) => {
  const delivery = MessageStatus
    ? deliveryOfMessageStatus(MessageStatus)
    : deliveryOfCallStatus(CallStatus ?? '')
  const said = `the gateway says ${MessageStatus ?? CallStatus ?? 'nothing'}`
  return { delivery, detail: ErrorCode ? `${said}: ${meaningOfTwilioCode(ErrorCode)}` : said }
}

const idOf = (request: FastifyRequest): string => {
  const { intentId } = telephonyRoutes.twilioStatus.params.parse(request.params)
  return intentId
}

const takeNote = async (platform: Platform, request: FastifyRequest): Promise<Answer | undefined> => {
  const parsed = gatewayNote.safeParse(gatewayJson(platform, request))
  if (!parsed.success) throw new Fault('invalid-input', 'Nothing was changed. This is no note of a gateway.')
  const note = parsed.data
  switch (note.type) {
    case 'status':
      await noteDelivery(platform, note.id, {
        delivery: note.status,
        detail: note.detail ?? `the gateway says ${note.status}`,
      })
      return undefined
    case 'reply':
      return takeByReply(platform, note.from, note.text)
    case 'key':
      return takeByKey(platform, note.id, note.digit)
  }
}

const answersOf = (platform: Platform): { readonly [name in keyof typeof telephonyRoutes]: Answering } => ({
  twilioStatus: async (request, reply) => {
    const { delivery, detail } = statusOf(twilioForm(platform, request))
    if (delivery) await noteDelivery(platform, idOf(request), { delivery, detail })
    return reply.code(204).send()
  },
  twilioKeys: async (request, reply) => {
    const form = twilioForm(platform, request)
    return asXml(reply, twimlSaying(await takeByKey(platform, idOf(request), form['Digits'] ?? '')))
  },
  twilioMessage: async (request, reply) => {
    const form = twilioForm(platform, request)
    const answer = await replyOnce(platform, form['MessageSid'], () =>
      takeByReply(platform, form['From'] ?? '', form['Body'] ?? ''),
    )
    return asXml(reply, twimlTexting(answer))
  },
  gatewayNote: async (request, reply) =>
    reply.send({ say: (await takeNote(platform, request))?.words ?? null }),
})

export const bindTelephony = (http: FastifyInstance, platform: Platform): void =>
  bindSigned(http, telephonyRoutes, answersOf(platform))
