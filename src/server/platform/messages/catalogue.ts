/** One area's sentences, said to one reader: a missing key or a missing name does not compile. */
import { fillMessage, type GivenFor, type Messages } from '../../../domain/message.ts'
import { languageOf, localeOf, mannerOf, type Reader } from './languages.ts'

export type Say<T extends Messages> = <K extends keyof T & string>(
  reader: Reader,
  key: K,
  ...given: GivenFor<T[K]>
) => string

/** @param area names the part of a language that translates these sentences; what it lacks is said in English */
export const catalogue =
  <const T extends Messages>(area: string, english: T): Say<T> =>
  (reader, key, ...[given]) => {
    const { tag, areas } = languageOf(reader)
    const translated = areas[area]?.[key]
    const language = translated === undefined ? 'en' : tag
    const manner = mannerOf(language, localeOf(reader))
    return fillMessage(translated ?? (english[key] as string), given ?? {}, manner)
  }
