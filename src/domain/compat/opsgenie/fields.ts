/** Every field of a source has a fate: imported, changed or refused. What nobody spoke of is refused, so nothing is lost unsaid. */

/** A file of the source as it was read; `path` is shown to people. */
export type SourceFile = { readonly path: string; readonly value: unknown }

type Key = string | number

/** Somewhere in a source: an object, a list, a field, or nothing (then `value` is undefined). */
export type Place = { readonly file: SourceFile; readonly keys: readonly Key[]; readonly value: unknown }

/** Said of a place, it holds for every field beneath it of which nothing was said before. */
export type Fate = { readonly place: Place } & (
  | { readonly kind: 'imported'; readonly to: string }
  | { readonly kind: 'changed'; readonly to: string; readonly why: string }
  | { readonly kind: 'refused'; readonly why: string }
)

/** `path` is unambiguous: plain names after dots, others quoted in brackets. */
export type Field = { readonly file: string; readonly path: string }
export type ImportedField = Field & { readonly to: string }
export type ChangedField = Field & { readonly from: string; readonly to: string; readonly why: string }
/** The value is not repeated: it may be a secret. */
export type RefusedField = Field & { readonly why: string }

export type SortedFields = {
  readonly fields: number
  readonly imported: readonly ImportedField[]
  readonly changed: readonly ChangedField[]
  readonly refused: readonly RefusedField[]
}

/** Nobody configures anything so deep: a tower of brackets counts as one field. */
export const DEEPEST = 32
const LONGEST_SHOWN = 200

export const rootOf = (file: SourceFile): Place => ({ file, keys: [], value: file.value })

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null

export const at = (place: Place, ...keys: readonly Key[]): Place =>
  keys.reduce<Place>(
    ({ file, keys: above, value }, key) => ({
      file,
      keys: [...above, key],
      value:
        isContainer(value) && Object.hasOwn(value, key) ? (value as Record<Key, unknown>)[key] : undefined,
    }),
    place,
  )

export const textAt = (place: Place, ...keys: readonly Key[]): string | undefined => {
  const { value } = at(place, ...keys)
  return typeof value === 'string' ? value : undefined
}

/** The entries of a list; none when there is no list. */
export const entriesOf = (place: Place): Place[] =>
  Array.isArray(place.value) ? place.value.map((_, index) => at(place, index)) : []

/** A field is a value that holds no others: text, number, yes or no, null, and what is empty. */
export const fieldsOf = (place: Place): Place[] => {
  const found: Place[] = []
  const visit = ({ file, keys, value }: Place): void => {
    const inner = isContainer(value) && keys.length < DEEPEST ? Object.entries(value) : []
    if (inner.length === 0) found.push({ file, keys, value })
    const isList = Array.isArray(value)
    for (const [key, below] of inner)
      visit({ file, keys: [...keys, isList ? Number(key) : key], value: below })
  }
  if (place.value !== undefined) visit(place)
  return found
}

const pathOf = (keys: readonly Key[]): string =>
  keys
    .map((key, place) => {
      if (typeof key === 'number') return `[${key}]`
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(key)) return `[${JSON.stringify(key)}]`
      return place === 0 ? key : `.${key}`
    })
    .join('')

const shown = (value: unknown): string => {
  const text = isContainer(value) ? (Array.isArray(value) ? '[]' : '{}') : String(value)
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…`.toWellFormed() : text
}

const UNKNOWN = 'this import does not know the field'

/** @param fates the first that was said of a field holds */
export const sortFields = (files: readonly SourceFile[], fates: readonly Fate[]): SortedFields => {
  const said = new Map<SourceFile, Map<string, Fate>>(files.map((file) => [file, new Map()]))
  for (const fate of fates) {
    const ofFile = said.get(fate.place.file)
    for (const { keys } of fieldsOf(fate.place)) {
      const path = pathOf(keys)
      if (ofFile && !ofFile.has(path)) ofFile.set(path, fate)
    }
  }
  const imported: ImportedField[] = []
  const changed: ChangedField[] = []
  const refused: RefusedField[] = []
  for (const file of files)
    for (const { keys, value } of fieldsOf(rootOf(file))) {
      const field = { file: file.path, path: pathOf(keys) }
      const fate = said.get(file)?.get(field.path)
      if (fate?.kind === 'imported') imported.push({ ...field, to: fate.to })
      else if (fate?.kind === 'changed')
        changed.push({ ...field, from: shown(value), to: fate.to, why: fate.why })
      else refused.push({ ...field, why: fate?.why ?? UNKNOWN })
    }
  return { fields: imported.length + changed.length + refused.length, imported, changed, refused }
}

export const imported = (place: Place, to: string): Fate => ({ kind: 'imported', place, to })
export const changed = (place: Place, to: string, why: string): Fate => ({ kind: 'changed', place, to, why })
export const refusedField = (place: Place, why: string): Fate => ({ kind: 'refused', place, why })

/** What became of a part: its new form with what is to be said of its fields, or why there is none. */
export type Taken<T> = { readonly taken: T; readonly fates: readonly Fate[] } | { readonly why: string }
