/** Turns message keys into sentences of the reader's language; a missing key or parameter does not compile. */

/** A sentence with `{names}` to fill, or its plural forms, chosen by `count`. */
export type Message = string | { readonly one: string; readonly other: string }
export type Messages = Readonly<Record<string, Message>>

type NamesIn<S> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | NamesIn<Rest> : never
type ParametersOf<M> = M extends { one: infer One; other: infer Other }
  ? 'count' | NamesIn<One> | NamesIn<Other>
  : NamesIn<M>
type Given<M> = [ParametersOf<M>] extends [never] ? [] : [Readonly<Record<ParametersOf<M>, string | number>>]
export type Translate<T extends Messages> = <K extends keyof T & string>(
  key: K,
  ...given: Given<T[K]>
) => string

type Language = { readonly locale: string; readonly areas: Readonly<Record<string, Messages>> }
let language: Language = { locale: 'en', areas: {} }
let plurals = new Intl.PluralRules('en')

/** Called once before the first view, when the account's language has a catalogue of its own. English fills what it lacks. */
export const speak = (chosen: Language): void => {
  language = chosen
  plurals = new Intl.PluralRules(chosen.locale)
}

const fill = (sentence: string, given: Readonly<Record<string, string | number>>): string =>
  sentence.replace(/\{(\w+)\}/g, (whole, name: string) => String(given[name] ?? whole))

/** @param area names the part of a catalogue, so that each view loads only its own sentences */
export const translator =
  <const T extends Messages>(area: string, english: T): Translate<T> =>
  (key, ...[given]) => {
    const message = language.areas[area]?.[key] ?? english[key]
    if (message === undefined) return key
    const parameters: Readonly<Record<string, string | number>> = given ?? {}
    if (typeof message === 'string') return fill(message, parameters)
    const form = plurals.select(Number(parameters['count'])) === 'one' ? message.one : message.other
    return fill(form, parameters)
  }
