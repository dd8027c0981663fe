/** Single texts of other systems' alerts, brought within the bounds that those systems promise, with the bending noted. */
import { note, type Leniencies } from './read-labels.ts'
import { storable } from './storable-text.ts'

/** Counted in characters as people count them, as OpsGenie and Alertmanager do; never half of one. */
export const cutCharacters = (text: string, most: number): string => {
  if (text.length <= most) return storable(text, most)
  // A character has at most two units: more than this cannot be kept, however long the text is.
  const characters = Array.from(text.slice(0, most * 2 + 1))
  const kept = characters.slice(0, most).join('')
  return storable(kept, kept.length)
}

/** '' for what is absent, empty or no text. Numbers and switches are written out. */
export const readText = (given: unknown, what: string, most: number, leniencies: Leniencies): string => {
  if (given === undefined || given === null) return ''
  const isPlain = typeof given === 'number' || typeof given === 'boolean'
  if (typeof given !== 'string' && !isPlain) {
    note(leniencies, `${what} was not text and was left out`)
    return ''
  }
  const text = String(given).trim()
  const kept = cutCharacters(text, most)
  if (isPlain) note(leniencies, `${what} was not text and was made so`)
  else if (kept.length < text.length) note(leniencies, `${what} was cut at ${most} characters`)
  else if (kept !== text) note(leniencies, `${what} held characters that cannot be stored`)
  return kept
}

export const firstLine = (text: string): string => (text.split('\n', 1)[0] ?? '').trim()

const longestUrl = 2_000
/** Shown as a link later: no scheme that runs something, and half an address is none. */
export const readableUrl = (given: unknown): string | undefined =>
  typeof given === 'string' && /^https?:\/\//i.test(given) && given.length <= longestUrl
    ? storable(given, longestUrl)
    : undefined

/** Without the empty ones, so that a reader of annotations meets only what was said. */
export const saidTexts = (texts: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== ''))
