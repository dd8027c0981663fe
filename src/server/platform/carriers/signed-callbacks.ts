/** What gateways post to us: bodies as they came, and nothing of them looked at before the signature over them is right. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { RouteTable } from '../../../contract/route.ts'
import type { Platform } from '../context.ts'
import { Fault, notFound } from '../faults.ts'
import { declareRoute } from '../http/bind.ts'
import { count } from '../metrics.ts'
import { isFromGateway } from './phone-gateway.ts'
import { isTwilio } from './telephony.ts'
import { isFromTwilio } from './twilio.ts'

export type Form = Readonly<Record<string, string>>
export type Answering = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>

const refuseForged = (): Fault => {
  count('fortnight_telephony_forged_total', 'Calls of gateways whose signature was wrong or missing.')
  return new Fault('wrong-credentials', 'The signature of this call is missing or wrong.')
}

const bodyOf = (request: FastifyRequest): string => (typeof request.body === 'string' ? request.body : '')

/** The fields of a callback of Twilio; anybody else's is refused. */
export const twilioForm = (platform: Platform, request: FastifyRequest): Form => {
  if (!isTwilio(platform.config)) throw notFound('A gateway of this kind')
  const form = Object.fromEntries(new URLSearchParams(bodyOf(request)))
  const given = request.headers['x-twilio-signature']
  if (!isFromTwilio(platform, request.url, form, typeof given === 'string' ? given : undefined))
    throw refuseForged()
  return form
}

const readJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What a gateway of one's own posted: undefined where it is no JSON. */
export const gatewayJson = (platform: Platform, request: FastifyRequest): unknown => {
  if (platform.config.SMS_GATEWAY === undefined || isTwilio(platform.config))
    throw notFound('A gateway of this kind')
  const body = bodyOf(request)
  if (!isFromGateway(platform, request.headers, body)) throw refuseForged()
  return readJson(body)
}

export const asXml = (reply: FastifyReply, text: string): FastifyReply =>
  reply.type('text/xml; charset=utf-8').send(text)

/** Binds routes whose signature is over the bytes as they came. */
export const bindSigned = <T extends RouteTable>(
  http: FastifyInstance,
  routes: T,
  answers: { readonly [name in keyof T]: Answering },
): void => {
  void http.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))
    for (const [name, route] of Object.entries(routes)) {
      declareRoute(http, name, route)
      scope.post(
        route.path,
        route.bodyLimit === undefined ? {} : { bodyLimit: route.bodyLimit },
        (request, reply) => (answers[name] as Answering)(request, reply.header('cache-control', 'no-store')),
      )
    }
  })
}
