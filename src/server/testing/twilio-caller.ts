/** Somebody calls a number at Twilio: their side of a call, played by the documents that we answer (TwiML of Say, Dial, Number, Gather, Record, Reject, Hangup). */
import { randomBytes } from 'node:crypto'
import type { Form, TwilioServer } from './twilio-server.ts'

/** What happens at a phone that is rung: a key is pressed after somebody picked up; `machine` picks up and presses none. */
export type AtThePhone = 'no-answer' | 'busy' | 'machine' | 'key 1' | 'key 5'

export type CallMade = {
  /** What the caller heard, in order; "*ring +46…*" where a phone was rung. */
  readonly heard: string[]
  /** What was said to whoever picked up. */
  readonly asked: string[]
  readonly rung: string[]
  ended: 'rejected' | 'connected' | 'hung up' | 'message left'
}

const DOCUMENT = /^<\?xml version="1\.0" encoding="UTF-8"\?><Response>(.*)<\/Response>$/s

const unescaped = (text: string): string =>
  text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
const attribute = (verb: string, name: string): string =>
  unescaped(new RegExp(` ${name}="([^"]*)"`).exec(verb)?.[1] ?? '')

/** @throws where Twilio would fail with 12100 (no document) or 13xxx (a verb that it does not take) */
const verbsOf = (body: string): string[] => {
  const inner = DOCUMENT.exec(body)?.[1]
  if (inner === undefined) throw new Error(`12100 no document: ${body.slice(0, 200)}`)
  const verbs = inner.match(/<(\w+)[^>]*\/>|<(\w+)[^>]*>.*?<\/\2>/gs) ?? []
  if (verbs.join('') !== inner) throw new Error(`12200 invalid content: ${inner.slice(0, 200)}`)
  return verbs
}

const wordsOf = (verb: string): string => unescaped(/<Say[^>]*>(.*?)<\/Say>/s.exec(verb)?.[1] ?? '')

export const callIn = async (
  twilio: TwilioServer,
  call: { readonly from: string; readonly to: string; readonly phones: readonly AtThePhone[]; sid?: string },
): Promise<CallMade> => {
  const sid = call.sid ?? `CA${randomBytes(16).toString('hex')}`
  const phones = [...call.phones]
  const made: CallMade = { heard: [], asked: [], rung: [], ended: 'hung up' }
  const base: Form = { CallSid: sid, From: call.from, To: call.to, Direction: 'inbound' }
  const post = async (address: string, form: Form): Promise<string[]> => {
    const { statusCode, body } = await twilio.call(address, { ...base, ...form })
    if (statusCode !== 200) throw new Error(`11200 the address answered ${statusCode}: ${body}`)
    return verbsOf(body)
  }

  /** What becomes of a ringing phone: its DialCallStatus, as they document it. */
  const ring = async (dial: string): Promise<string> => {
    const number = /<Number[^>]*>(.*?)<\/Number>/.exec(dial)
    const phone = unescaped(number?.[1] ?? '')
    if (!/^\+[1-9]\d{6,14}$/.test(phone)) throw new Error(`13224 invalid phone number ${phone}`)
    const seconds = Number(attribute(dial, 'timeout'))
    if (!(seconds >= 5 && seconds <= 600)) throw new Error('13212 invalid timeout')
    if (attribute(dial, 'callerId') !== call.to) throw new Error('13214 invalid callerId')
    made.rung.push(phone)
    made.heard.push(`*ring ${phone}*`)
    const at = phones.shift() ?? 'no-answer'
    if (at === 'no-answer' || at === 'busy') return at
    const [gather = '', after = ''] = await post(attribute(number?.[0] ?? '', 'url'), {
      CallStatus: 'in-progress',
    })
    made.asked.push(wordsOf(gather))
    if (!gather.startsWith('<Gather')) return 'completed'
    const then =
      at === 'machine'
        ? [after]
        : await post(attribute(gather, 'action'), { Digits: at.slice(4), CallStatus: 'in-progress' })
    if (then.some((verb) => verb.startsWith('<Hangup'))) return 'completed'
    made.ended = 'connected'
    return 'completed'
  }

  const play = async (verbs: readonly string[]): Promise<void> => {
    for (const verb of verbs) {
      const name = /^<(\w+)/.exec(verb)?.[1]
      if (name === 'Say') made.heard.push(wordsOf(verb))
      else if (name === 'Reject') made.ended = 'rejected'
      else if (name === 'Hangup') return
      // What stands after a Dial or a Record with an action is never reached.
      else if (name === 'Dial')
        return play(await post(attribute(verb, 'action'), { DialCallStatus: await ring(verb) }))
      else if (name === 'Record') {
        made.ended = 'message left'
        return play(
          await post(attribute(verb, 'action'), {
            RecordingUrl: `https://api.twilio.com/2010-04-01/Recordings/RE${sid.slice(2)}`,
            RecordingDuration: '12',
          }),
        )
      } else throw new Error(`13000 ${name} is no verb here`)
    }
  }
  await play(await post(`${twilio.publicUrl}/telephony/twilio/calls`, { CallStatus: 'ringing' }))
  return made
}
