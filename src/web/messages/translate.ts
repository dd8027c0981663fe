/** Turns message keys into sentences of the reader's language; a missing key or parameter does not compile. */
import { fillMessage, type GivenFor, type Manner, type Messages } from '../../domain/message.ts'

export type { Messages } from '../../domain/message.ts'
export type Translate<T extends Messages> = <K extends keyof T & string>(
  key: K,
  ...given: GivenFor<T[K]>
) => string

type Language = { readonly locale: string; readonly areas: Readonly<Record<string, Messages>> }
/** Made at the first sentence that needs them: together they cost 20 to 40 ms of a cold start, before anything is seen. */
const mannerOf = (locale: string): Manner => {
  let [plurals, numbers]: [Intl.PluralRules | undefined, Intl.NumberFormat | undefined] = [
    undefined,
    undefined,
  ]
  return {
    plural: (n) => (plurals ??= new Intl.PluralRules(locale)).select(n),
    number: (n) => (numbers ??= new Intl.NumberFormat(locale)).format(n),
  }
}
let language: Language = { locale: 'en', areas: {} }
let manner = mannerOf('en')

/** Called once before the first view, when the account's language has a catalogue of its own. English fills what it lacks. */
export const speak = (chosen: Language): void => {
  language = chosen
  manner = mannerOf(chosen.locale)
}

/** @param area names the part of a catalogue, so that each view loads only its own sentences */
export const translator =
  <const T extends Messages>(area: string, english: T): Translate<T> =>
  (key, ...[given]) => {
    const message = language.areas[area]?.[key] ?? english[key]
    if (message === undefined) return key
    return fillMessage(message, given ?? {}, manner)
  }
