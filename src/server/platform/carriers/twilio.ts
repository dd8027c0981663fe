/** Twilio's REST API, version 2010-04-01, and whatever speaks it: messages, calls, and the signature of what comes back. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Platform } from '../context.ts'
import { judged, post, unanswered, type Answered, type Carried } from './carried.ts'
import type { Call, Text } from './said-by-phone.ts'

/** What their error codes mean to whoever reads why a page did not arrive. The codes stay in the record beside it. */
const MEANINGS: Readonly<Record<string, string>> = {
  20003: 'the gateway does not accept our credentials',
  20429: 'the gateway asks us to send more slowly',
  21210: 'the number we call from is not ours',
  21211: 'this is not a number that can be reached',
  21212: 'the number we send from is not valid',
  21214: 'this number cannot be called',
  21408: 'the account may not send to this country',
  21606: 'the number we send from cannot send messages',
  21608: 'a trial account sends only to numbers verified there',
  21610: 'the person has unsubscribed from our number (STOP); they start it again by sending START',
  21614: 'this is no mobile number',
  21617: 'the message is too long',
  30001: 'the queue of the gateway is full',
  30002: 'the account at the gateway is suspended',
  30003: 'the phone could not be reached: off or without network',
  30004: 'the phone or its network blocks our messages',
  30005: 'the number is unknown',
  30006: 'a landline, or a network that takes no messages',
  30007: 'the network filtered the message as unwanted',
  30008: 'the network gave no reason',
}

export const meaningOfTwilioCode = (code: string): string =>
  MEANINGS[code] ? `${MEANINGS[code]} (${code})` : `the gateway's error ${code}`

const MOST_TEXT = 1_600
const MOST_TWIML = 4_000

const account = ({ config }: Platform) => {
  const url = new URL(
    (config.SMS_GATEWAY ?? '').replace(/^twilio(\+http)?:/, (_all, plain) => (plain ? 'http:' : 'https:')),
  )
  const [sid, token] = [decodeURIComponent(url.username), decodeURIComponent(url.password)]
  return { sid, token, base: `${url.origin}/2010-04-01/Accounts/${encodeURIComponent(sid)}` }
}

/** They refuse a callback that they could not reach; without one the message still goes out and stays "accepted". */
const callbackUrl = ({ config }: Platform, path: string): string | undefined => {
  const { hostname } = new URL(config.baseUrl)
  return hostname.includes('.') ? `${config.baseUrl}${path}` : undefined
}

/** {"code":21211,"message":"…","more_info":"…","status":400} */
const refusalIn = ({ text }: Answered): string => {
  try {
    const { code, message } = JSON.parse(text) as { code?: number; message?: string }
    return code === undefined ? (message ?? '') : meaningOfTwilioCode(String(code))
  } catch {
    return ''
  }
}

const ask = async (
  platform: Platform,
  resource: 'Messages' | 'Calls',
  form: Readonly<Record<string, string | undefined>>,
): Promise<Carried> => {
  const { sid, token, base } = account(platform)
  const fields = Object.entries(form).filter((entry): entry is [string, string] => entry[1] !== undefined)
  try {
    const answer = await post(
      `${base}/${resource}.json`,
      {
        authorization: `Basic ${Buffer.from(`${sid}:${token}`).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      new URLSearchParams(fields).toString(),
    )
    return judged('the gateway', answer, platform.clock.now(), refusalIn(answer))
  } catch (error) {
    return unanswered('the gateway', error)
  }
}

export const textThroughTwilio = (platform: Platform, { to, text, id }: Text): Promise<Carried> =>
  ask(platform, 'Messages', {
    To: to,
    From: platform.config.SMS_FROM,
    Body: text.slice(0, MOST_TEXT).toWellFormed(),
    StatusCallback: callbackUrl(platform, `/telephony/twilio/status/${id}`),
  })

export const escapedXml = (text: string): string =>
  text
    // Characters that XML 1.0 has no place for.
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, ' ')
    .replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`)

const sayings = (words: readonly string[], lang: string): string =>
  words
    .map((each) => `<Say language="${escapedXml(lang)}">${escapedXml(each)}</Say><Pause length="1"/>`)
    .join('')

/** The words, then what a key does, twice; what does not fit is left away from the end of the words. */
export const twimlOf = ({ words, ask: question, lang }: Call, keysUrl: string | undefined): string => {
  const fit = (kept: readonly string[]): string => {
    const said = sayings(kept, lang)
    const text =
      question === undefined || keysUrl === undefined
        ? `<Response>${said}${said}</Response>`
        : `<Response>${[1, 2]
            .map(
              () =>
                `<Gather numDigits="1" timeout="8" method="POST" action="${escapedXml(keysUrl)}">${said}${sayings([question], lang)}</Gather>`,
            )
            .join('')}</Response>`
    return text.length <= MOST_TWIML || kept.length <= 1 ? text : fit(kept.slice(0, -1))
  }
  return fit(words.map((each) => each.slice(0, 300)))
}

export const callThroughTwilio = (platform: Platform, call: Call): Promise<Carried> =>
  ask(platform, 'Calls', {
    To: call.to,
    From: platform.config.VOICE_FROM,
    Twiml: twimlOf(call, callbackUrl(platform, `/telephony/twilio/keys/${call.id}`)),
    StatusCallback: callbackUrl(platform, `/telephony/twilio/status/${call.id}`),
    Timeout: '40',
  })

/**
 * X-Twilio-Signature: HMAC-SHA1 with the auth token over the public URL, followed by each field's name and value in the
 * order of the names; in base64.
 */
export const twilioSignature = (
  token: string,
  url: string,
  form: Readonly<Record<string, string>>,
): string => {
  const text = Object.keys(form)
    .sort()
    .reduce((whole, name) => `${whole}${name}${form[name]}`, url)
  return createHmac('sha1', token).update(text, 'utf8').digest('base64')
}

export const isFromTwilio = (
  platform: Platform,
  path: string,
  form: Readonly<Record<string, string>>,
  given: string | undefined,
): boolean => {
  const wanted = Buffer.from(
    twilioSignature(account(platform).token, `${platform.config.baseUrl}${path}`, form),
  )
  const got = Buffer.from(given ?? '')
  return got.length === wanted.length && timingSafeEqual(got, wanted)
}
