/** What an alarm says to a person, and what they can do about it. */
import type { AlarmKind } from '../../contract/watch.ts'
import type { Reader } from '../platform/messages/languages.ts'
import { say } from './messages.ts'

export type Words = { readonly title: string; readonly advice: string }

const KINDS: Readonly<Record<AlarmKind, true>> = {
  'promise-without-outcome': true,
  'step-late': true,
  'nobody-told': true,
  'no-engine': true,
  'tasks-parked': true,
  'evidence-late': true,
  'clock-skew': true,
  'mail-off': true,
  'engine-idle': true,
  'empty-schedule': true,
  'unverified-contact': true,
  'drill-missed': true,
}
const isKnown = (kind: string): kind is AlarmKind => Object.hasOwn(KINDS, kind)

/** Kinds of newer versions may stand in the table while an older one reads it. */
export const wordsOf = (reader: Reader, kind: string): Words =>
  isKnown(kind)
    ? { title: say(reader, kind), advice: say(reader, `${kind}-advice`) }
    : { title: kind, advice: say(reader, 'other-advice') }

export const isAboutAPage = (kind: string): boolean =>
  kind === 'promise-without-outcome' || kind === 'step-late' || kind === 'nobody-told'
