/** A gateway of one's own, for a modem or a SIP trunk: signed JSON out, signed JSON back (docs/phone-gateway.md). */
import { timingSafeEqual } from 'node:crypto'
import type { Platform } from '../context.ts'
import { judged, post, unanswered, type Carried } from './carried.ts'
import type { Call, Text } from './said-by-phone.ts'
import { webhookSignature } from './webhook.ts'

const TOLERANCE_MS = 5 * 60_000

const keyOf = ({ config }: Pick<Platform, 'config'>): Buffer =>
  Buffer.from(config.SMS_GATEWAY_SECRET ?? '', 'utf8')

const ask = async (platform: Platform, id: string, payload: object): Promise<Carried> => {
  const now = platform.clock.now()
  const timestamp = Math.floor(now / 1_000)
  const body = JSON.stringify({ id, ...payload, callback: `${platform.config.baseUrl}/telephony/gateway` })
  try {
    const answer = await post(
      platform.config.SMS_GATEWAY ?? '',
      {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(timestamp),
        'webhook-signature': webhookSignature(keyOf(platform), id, timestamp, body),
      },
      body,
    )
    return judged('the gateway', answer, now, answer.text.slice(0, 120))
  } catch (error) {
    return unanswered('the gateway', error)
  }
}

export const textThroughGateway = (platform: Platform, { to, text, id }: Text): Promise<Carried> =>
  ask(platform, id, { type: 'text', to, from: platform.config.SMS_FROM, text })

export const callThroughGateway = (platform: Platform, { id, to, words, ask: question, lang }: Call) =>
  ask(platform, id, {
    type: 'call',
    to,
    from: platform.config.VOICE_FROM,
    words,
    question: question ?? null,
    lang,
  })

type Headers = Readonly<Record<string, string | string[] | undefined>>

/** Signed as we sign, and not older than five minutes: what was overheard cannot be told again later. */
export const isFromGateway = (platform: Platform, headers: Headers, body: string): boolean => {
  const [id, timestamp, given] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) =>
    String(headers[name] ?? ''),
  )
  const at = Number(timestamp) * 1_000
  if (!id || !/^\d{1,12}$/.test(timestamp ?? '') || Math.abs(platform.clock.now() - at) > TOLERANCE_MS)
    return false
  const wanted = Buffer.from(webhookSignature(keyOf(platform), id, Number(timestamp), body))
  return (given ?? '').split(' ').some((each) => {
    const got = Buffer.from(each)
    return got.length === wanted.length && timingSafeEqual(got, wanted)
  })
}
