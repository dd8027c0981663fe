/** Which languages there are sentences in, and which of them a reader gets. English ships and fills what others lack. */
import type { Manner, Messages } from '../../../domain/message.ts'

/** A person as a reader: as their account says. Numbers and dates follow the locale also where sentences are English. */
export type Reader = { readonly locale: string; readonly zone: string }

/** Sentences by area, as each area's messages.ts has them in English. */
export type Language = Readonly<Record<string, Messages>>

const languages = new Map<string, Language>()

/** @param tag of BCP 47, such as `de` or `pt-BR`; called when the server starts, before anybody is answered */
export const addLanguage = (tag: string, language: Language): void => {
  languages.set(Intl.getCanonicalLocales(tag)[0] as string, language)
}

const ENGLISH = 'en'

/** For what is written down or read by programs, whoever they belong to. */
export const IN_ENGLISH: Reader = { locale: ENGLISH, zone: 'UTC' }

const locales = new Map<string, string>()
const MOST_KEPT = 500

const supported = (locale: string): string => {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(locale)[0] ?? ENGLISH
  } catch {
    return ENGLISH
  }
}

/** The reader's locale as Intl takes it; what Intl does not know is English, so that no page fails on a setting. */
export const localeOf = ({ locale }: Pick<Reader, 'locale'>): string => {
  const known = locales.get(locale)
  if (known !== undefined) return known
  if (locales.size >= MOST_KEPT) locales.clear()
  const found = supported(locale)
  locales.set(locale, found)
  return found
}

/** `de-CH-1996`, `de-CH`, `de`: the most exact one there are sentences in. */
export const languageOf = (reader: Reader): { readonly tag: string; readonly areas: Language } => {
  const parts = localeOf(reader).split('-')
  for (let length = parts.length; length > 0; length--) {
    const tag = parts.slice(0, length).join('-')
    const areas = languages.get(tag)
    if (areas) return { tag, areas }
  }
  return { tag: ENGLISH, areas: {} }
}

const manners = new Map<string, Manner>()

/**
 * @param language whose sentence it is: its plural rules choose the form
 * @param locale   how the reader writes numbers, also inside an English sentence
 */
export const mannerOf = (language: string, locale: string): Manner => {
  const key = `${language} ${locale}`
  const known = manners.get(key)
  if (known) return known
  if (manners.size >= MOST_KEPT) manners.clear()
  const [plurals, numbers] = [new Intl.PluralRules(language), new Intl.NumberFormat(locale)]
  const made: Manner = { plural: (n) => plurals.select(n), number: (n) => numbers.format(n) }
  manners.set(key, made)
  return made
}

/** Intl.Locale Info (ECMA-402, 2025), which TypeScript does not know yet. */
type WithTextInfo = Intl.Locale & { getTextInfo: () => { direction: string } }

/** The `lang` and `dir` of what is written to this reader: of the sentences, which may not be in their own language. */
export const writtenIn = (reader: Reader): { readonly lang: string; readonly dir: 'ltr' | 'rtl' } => {
  const { tag } = languageOf(reader)
  const { direction } = (new Intl.Locale(tag) as WithTextInfo).getTextInfo()
  return { lang: tag, dir: direction === 'rtl' ? 'rtl' : 'ltr' }
}

const MOST_ASKED = 10

/** Somebody nobody knows yet, as their browser introduces them (RFC 9110 section 12.5.4): the first language we write. */
export const stranger = (acceptLanguage: string | undefined, zone = 'UTC'): Reader => {
  const asked = (acceptLanguage ?? '')
    .split(',', MOST_ASKED)
    .map((part) => part.split(';', 1)[0]?.trim() ?? '')
    .filter((tag) => /^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,4}$/.test(tag))
    .map((locale) => ({ locale, zone }))
  const known = asked.find((reader) => languageOf(reader).tag !== ENGLISH || /^en\b/i.test(reader.locale))
  return known ?? { locale: ENGLISH, zone }
}
