/**
 * What a rule or a check says is written in English where it is decided, and said here to its reader. The English sentence is
 * its own key in the catalogue, with `{0}`, `{1}` where something was filled in: docs/sentences.md lists them all.
 */
import { fillMessage, type Message } from '../../../domain/message.ts'
import { languageOf, localeOf, mannerOf, type Language, type Reader } from './languages.ts'

/** The part of a language that translates these sentences; its keys are the English sentences. */
export const SAID = 'said'

/** What is filled in may be a sentence itself: "Nothing was changed. {0}: {1}." */
const DEEPEST = 3
/** Longer is no sentence of ours. */
const LONGEST = 4_000

type Pattern = { readonly pieces: readonly string[]; readonly message: Message }
type Sentences = { readonly whole: ReadonlyMap<string, Message>; readonly patterns: readonly Pattern[] }

const compiled = new WeakMap<Language, Sentences>()

const PLACE = /\{\d+\}/

const fixedLength = ({ pieces }: Pattern): number => pieces.join('').length

const sentencesOf = (language: Language): Sentences => {
  const known = compiled.get(language)
  if (known) return known
  const entries = Object.entries(language[SAID] ?? {})
  const sentences: Sentences = {
    whole: new Map(entries.filter(([english]) => !PLACE.test(english))),
    patterns: entries
      .filter(([english]) => PLACE.test(english))
      .map(([english, message]) => ({ pieces: english.split(PLACE), message }))
      // The one that says most of its own is the one that was written.
      .toSorted((a, b) => fixedLength(b) - fixedLength(a)),
  }
  compiled.set(language, sentences)
  return sentences
}

/** What stands between the fixed pieces, or undefined. Steps through the text once: no pattern that could go astray. */
const filledIn = (pieces: readonly string[], text: string): string[] | undefined => {
  const [first = '', ...rest] = pieces
  const last = rest.pop() ?? ''
  if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last))
    return undefined
  const end = text.length - last.length
  const values: string[] = []
  let from = first.length
  for (const piece of rest) {
    const at = text.indexOf(piece, from)
    if (at < 0 || at + piece.length > end) return undefined
    values.push(text.slice(from, at))
    from = at + piece.length
  }
  return [...values, text.slice(from, end)]
}

/** @param english a sentence of the product, filled in; what nobody translated is returned as it is */
export const saidTo = (reader: Reader, english: string, depth = 0): string => {
  const { tag, areas } = languageOf(reader)
  if (areas[SAID] === undefined || depth > DEEPEST || english.length > LONGEST) return english
  const { whole, patterns } = sentencesOf(areas)
  const manner = mannerOf(tag, localeOf(reader))
  const exact = whole.get(english)
  if (exact !== undefined) return fillMessage(exact, {}, manner)
  for (const { pieces, message } of patterns) {
    const values = filledIn(pieces, english)
    if (values === undefined) continue
    const given = values.map((value, place) => [String(place), saidTo(reader, value, depth + 1)] as const)
    return fillMessage(message, Object.fromEntries(given), manner)
  }
  return english
}
