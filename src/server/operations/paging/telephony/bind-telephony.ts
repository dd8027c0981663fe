/** Where gateways call back. Nothing is looked at before its signature is right; a forged call changes nothing and learns nothing. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { gatewayNote, telephonyRoutes } from '../../../../contract/operations/telephony.ts'
import {
  deliveryOfCallStatus,
  deliveryOfMessageStatus,
} from '../../../../domain/operations/paging/delivery.ts'
import { isFromGateway } from '../../../platform/carriers/phone-gateway.ts'
import { isTwilio } from '../../../platform/carriers/telephony.ts'
import { isFromTwilio, meaningOfTwilioCode } from '../../../platform/carriers/twilio.ts'
import type { Platform } from '../../../platform/context.ts'
import { Fault, notFound } from '../../../platform/faults.ts'
import { declareRoute } from '../../../platform/http/bind.ts'
import { count } from '../../../platform/metrics.ts'
import { noteDelivery } from './note-delivery.ts'
import type { Answer } from '../take-by-message.ts'
import { takeByKey, takeByReply } from './take-by-phone.ts'
import { twimlSaying, twimlTexting } from './twiml.ts'

type Form = Readonly<Record<string, string>>
type Name = keyof typeof telephonyRoutes

const refuseForged = (): Fault => {
  count('fortnight_telephony_forged_total', 'Calls of gateways whose signature was wrong or missing.')
  return new Fault('wrong-credentials', 'The signature of this call is missing or wrong.')
}

const bodyOf = (request: FastifyRequest): string => (typeof request.body === 'string' ? request.body : '')

const provenForm = (platform: Platform, request: FastifyRequest): Form => {
  if (!isTwilio(platform.config)) throw notFound('A gateway of this kind')
  const form = Object.fromEntries(new URLSearchParams(bodyOf(request)))
  const given = request.headers['x-twilio-signature']
  if (!isFromTwilio(platform, request.url, form, typeof given === 'string' ? given : undefined))
    throw refuseForged()
  return form
}

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

const xml = (reply: FastifyReply, text: string): FastifyReply =>
  reply.type('text/xml; charset=utf-8').send(text)

const takeNote = async (platform: Platform, request: FastifyRequest): Promise<Answer | undefined> => {
  if (platform.config.SMS_GATEWAY === undefined || isTwilio(platform.config))
    throw notFound('A gateway of this kind')
  const body = bodyOf(request)
  if (!isFromGateway(platform, request.headers, body)) throw refuseForged()
  const parsed = gatewayNote.safeParse(readJson(body))
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

const readJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

type Answering = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>

const answersOf = (platform: Platform): Readonly<Record<Name, Answering>> => ({
  twilioStatus: async (request, reply) => {
    const { delivery, detail } = statusOf(provenForm(platform, request))
    if (delivery) await noteDelivery(platform, idOf(request), { delivery, detail })
    return reply.code(204).send()
  },
  twilioKeys: async (request, reply) => {
    const form = provenForm(platform, request)
    return xml(reply, twimlSaying(await takeByKey(platform, idOf(request), form['Digits'] ?? '')))
  },
  twilioMessage: async (request, reply) => {
    const form = provenForm(platform, request)
    return xml(reply, twimlTexting(await takeByReply(platform, form['From'] ?? '', form['Body'] ?? '')))
  },
  gatewayNote: async (request, reply) =>
    reply.send({ say: (await takeNote(platform, request))?.words ?? null }),
})

export const bindTelephony = (http: FastifyInstance, platform: Platform): void => {
  void http.register(async (scope) => {
    // A signature is over the bytes as they came.
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))
    const answers = answersOf(platform)
    for (const name of Object.keys(telephonyRoutes) as Name[]) {
      const route = telephonyRoutes[name]
      declareRoute(http, name, route)
      scope.post(route.path, { bodyLimit: route.bodyLimit }, (request, reply) =>
        answers[name](request, reply.header('cache-control', 'no-store')),
      )
    }
  })
}
