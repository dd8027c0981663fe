/** What could stand where somebody is typing: names of fields, and the values of those that have few. */
import { fieldNamed, fields, type FieldName } from './fields.ts'

export type Hint = { readonly text: string; readonly about: string }
/** `from` to `to` of the text is what a hint replaces. */
export type Hints = { readonly from: number; readonly to: number; readonly hints: readonly Hint[] }

const MOST = 8

/** The piece of a word before the cursor; a field and its colon are apart from the value. */
const beforeCursor = /(?:(?<field>[A-Za-z][\w.-]*)\s*(?::|<=|>=|<|>)\s*\(?)?(?<word>[^\s()":<>=]*)$/

const ofField = (name: string, typed: string): readonly Hint[] => {
  const field = fieldNamed(name)
  const values = field ? ((fields[field] as { values?: readonly string[] }).values ?? []) : []
  return values
    .filter((value) => value.toLowerCase().startsWith(typed.toLowerCase()))
    .map((value) => ({ text: `${value} `, about: '' }))
}

const ofWord = (typed: string): readonly Hint[] =>
  (Object.keys(fields) as FieldName[])
    .filter((name) => name.toLowerCase().startsWith(typed.toLowerCase()))
    .map((name) => ({ text: `${name}:`, about: fields[name].about }))

/** @param cursor where in the text, in UTF-16 units; nothing is hinted inside quotes */
export const hintsAt = (text: string, cursor: number): Hints => {
  const before = text.slice(0, cursor)
  const none = { from: cursor, to: cursor, hints: [] }
  if ((before.match(/"/g)?.length ?? 0) % 2 === 1) return none
  const { field, word = '' } = beforeCursor.exec(before)?.groups ?? {}
  if (field === undefined && word === '') return none
  const hints = field === undefined ? ofWord(word) : ofField(field, word)
  return { from: cursor - word.length, to: cursor, hints: hints.slice(0, MOST) }
}
