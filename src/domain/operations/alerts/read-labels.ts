/** Labels and annotations as they come, kept within bounds; what was bent is noted, what decides about paging is never dropped. */
import { storable } from './storable-text.ts'

export type Texts = Readonly<Record<string, string>>

/** Sentences about what was bent, for a person to read later. */
export type Leniencies = string[]

const mostTexts = 64
const longestName = 1_024
const longestShownName = 60
const mostLeniencies = 20

/** A sender that bends everything must not make its alert unreadable. */
export const note = (leniencies: Leniencies, sentence: string): void => {
  if (leniencies.length < mostLeniencies) leniencies.push(sentence)
  else if (leniencies.length === mostLeniencies) leniencies.push('and more of the kind')
}

/** Priority, group and name hang on these: they are kept whichever others must go. */
const decisive = ['alertname', 'severity', 'group', 'cluster']

const keptNames = (given: Record<string, unknown>, what: string, leniencies: Leniencies): string[] => {
  const names = Object.keys(given)
  if (names.length <= mostTexts) return names
  note(leniencies, `only ${mostTexts} of ${names.length} ${what} were kept`)
  const first = decisive.filter((name) => Object.hasOwn(given, name))
  return [...first, ...names.filter((name) => !first.includes(name))].slice(0, mostTexts)
}

/** Objects are left out and not written as JSON: a deeply nested one overflows the stack of whoever tries. */
const textOf = (value: unknown): string | null => {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * @param what    `labels` or `annotations`, for the sentences
 * @param longest of a value, in characters
 */
export const readTexts = (given: unknown, what: string, longest: number, leniencies: Leniencies): Texts => {
  // Without a prototype, so that a label named like a built-in property is a label and nothing else.
  const texts = Object.create(null) as Record<string, string>
  if (given === undefined || given === null) return texts
  if (!isObject(given)) {
    note(leniencies, `${what} were not a map and were left out`)
    return texts
  }
  for (const name of keptNames(given, what, leniencies)) {
    const value = given[name]
    const text = textOf(value)
    const bent = (how: string) => note(leniencies, `${what}: ${storable(name, longestShownName)} ${how}`)
    if (text === null) {
      bent('was not text and was left out')
      continue
    }
    const kept = storable(text, longest)
    if (typeof value !== 'string') bent('was not text and was made so')
    else if (kept.length < text.length) bent(`was cut at ${longest} characters`)
    else if (kept !== text) bent('held characters that cannot be stored')
    const keptName = storable(name, longestName)
    if (keptName !== name) bent('has a name that could not be stored as it is')
    texts[keptName] = kept
  }
  return texts
}
