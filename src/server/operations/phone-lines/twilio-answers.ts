/** A call through Twilio: each of its reports is answered with what to do next, as TwiML. */
import type { FastifyRequest } from 'fastify'
import { phoneCallRoutes } from '../../../contract/operations/phone-lines.ts'
import { readerOfAccount } from '../../people/index.ts'
import { asXml, twilioForm, type Answering } from '../../platform/carriers/signed-callbacks.ts'
import type { Platform } from '../../platform/context.ts'
import { IN_ENGLISH, writtenIn, type Reader } from '../../platform/messages/languages.ts'
import { asking, HANG_UP, recording, REJECT, ringingAt, saying, sayingLast, type Said } from './call-twiml.ts'
import { say } from './messages.ts'
import { greetingOf, ringOf, ringOrMiss } from './ring.ts'
import { callNamed, leaveMessage, receiveCall, reportOnCall, type CallOnLine } from './take-call.ts'

const said = (words: string, reader: Reader = IN_ENGLISH): Said => ({ words, lang: writtenIn(reader).lang })

const addressOf = ({ config }: Platform, callId: string): string =>
  `${config.baseUrl}/telephony/twilio/calls/${callId}`

/** Rings at whoever is next, or lets the caller leave a message. */
const goOn = async (
  platform: Platform,
  found: CallOnLine,
  greeting: readonly Said[] = [],
): Promise<string> => {
  const address = addressOf(platform, found.call.id)
  const ring = await ringOrMiss(platform, found)
  if (!ring) {
    const missed = said(say(IN_ENGLISH, 'missed'))
    return recording([...greeting, missed], `${address}/message`, said(say(IN_ENGLISH, 'thanks')))
  }
  const { position, number, seconds } = ring
  return ringingAt(greeting, { place: `${address}/${position}`, number, seconds, line: found.line.number })
}

type Place = { readonly callId: string; readonly position: number }
const placeOf = (request: FastifyRequest): Place => phoneCallRoutes.twilioKey.params.parse(request.params)

/** Whoever pressed 1: connected, or told that somebody else has it. */
const taken = async (platform: Platform, { callId, position }: Place): Promise<string> => {
  const found = await reportOnCall(platform, callId, { kind: 'take', position })
  const candidate = found?.call.state.candidates[position]
  if (!candidate) return HANG_UP
  const reader = await readerOfAccount(platform.database.db, candidate.accountId)
  return found.call.state.takenBy === candidate.accountId
    ? saying(said(say(reader, 'connected'), reader))
    : sayingLast(said(say(reader, 'elsewhere'), reader))
}

export const twilioAnswers = (
  platform: Platform,
): { readonly [name in Exclude<keyof typeof phoneCallRoutes, 'gatewayCall'>]: Answering } => ({
  twilioCall: async (request, reply) => {
    const form = twilioForm(platform, request)
    const [gatewayId = '', from = '', to = ''] = [form['CallSid'], form['From'], form['To']]
    const found = gatewayId === '' ? undefined : await receiveCall(platform, { gatewayId, from, to })
    return asXml(reply, found ? await goOn(platform, found, [said(greetingOf(found))]) : REJECT)
  },
  twilioScreen: async (request, reply) => {
    twilioForm(platform, request)
    const { callId, position } = placeOf(request)
    const found = await callNamed(platform, { id: callId })
    const ring = found && (await ringOf(platform, found))
    if (!ring || ring.position !== position) return asXml(reply, HANG_UP)
    return asXml(reply, asking(said(ring.ask, ring.reader), `${addressOf(platform, callId)}/${position}/key`))
  },
  twilioKey: async (request, reply) => {
    const form = twilioForm(platform, request)
    const place = placeOf(request)
    return asXml(reply, form['Digits'] === '1' ? await taken(platform, place) : HANG_UP)
  },
  // That the call there "completed" says nothing: a machine that picked up and pressed no key completes one, too.
  twilioPassed: async (request, reply) => {
    twilioForm(platform, request)
    const { callId, position } = placeOf(request)
    const found = await reportOnCall(platform, callId, { kind: 'pass-on', position })
    return asXml(reply, !found || found.call.status === 'taken' ? HANG_UP : await goOn(platform, found))
  },
  twilioMessageLeft: async (request, reply) => {
    const { RecordingUrl: url = '' } = twilioForm(platform, request)
    const { callId } = phoneCallRoutes.twilioMessageLeft.params.parse(request.params)
    await leaveMessage(platform, callId, url)
    return asXml(reply, sayingLast(said(say(IN_ENGLISH, 'thanks'))))
  },
})
