/** TwiML of a call on a line: what Twilio is told to say, ring, ask and record. Words come in; none are made here. */
import { escapedXml as escaped } from '../../platform/carriers/twilio.ts'

/** @property lang BCP 47 */
export type Said = { readonly words: string; readonly lang: string }

const say = ({ words, lang }: Said): string => `<Say language="${escaped(lang)}">${escaped(words)}</Say>`
const response = (inner: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><Response>${inner}</Response>`

export const REJECT = response('<Reject/>')
export const HANG_UP = response('<Hangup/>')

const MESSAGE_SECONDS = 120

/** Twilio joins both once a document ends without hanging up. */
export const saying = (said: Said): string => response(say(said))
export const sayingLast = (said: Said): string => response(`${say(said)}<Hangup/>`)

/** @param action told when they have spoken */
export const recording = (before: readonly Said[], action: string, after: Said): string =>
  response(
    `${before.map(say).join('')}<Record action="${escaped(action)}" maxLength="${MESSAGE_SECONDS}" playBeep="true"/>${say(after)}`,
  )

/** @param place its `/screen` is asked when somebody picks up, its `/passed` when it rings there no more */
export const ringingAt = (
  before: readonly Said[],
  { place, number, seconds, line }: { place: string; number: string; seconds: number; line: string },
): string =>
  response(
    `${before.map(say).join('')}<Dial action="${escaped(`${place}/passed`)}" timeout="${seconds}" callerId="${escaped(line)}"><Number url="${escaped(`${place}/screen`)}">${escaped(number)}</Number></Dial>`,
  )

/** Whoever presses nothing within eight seconds is hung up on. */
export const asking = (question: Said, action: string): string =>
  response(
    `<Gather numDigits="1" timeout="8" method="POST" action="${escaped(action)}">${say(question)}</Gather><Hangup/>`,
  )
