/** What differs between two versions of a thing, field by field: the body of `…updated` events and the diff of `apply`. */

export type Change = { readonly field: string; readonly from: unknown; readonly to: unknown }

/** Objects that differ only in the order of their keys, or in keys that are undefined, are the same. */
const text = (value: unknown): string =>
  JSON.stringify(value ?? null, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
const same = (a: unknown, b: unknown): boolean => text(a) === text(b)

/** @param wanted only the fields it has are compared; undefined means "leave it" */
export const changesBetween = (
  before: Readonly<Record<string, unknown>>,
  wanted: Readonly<Record<string, unknown>>,
): Change[] =>
  Object.entries(wanted)
    .filter(([field, to]) => to !== undefined && !same(before[field], to))
    .map(([field, to]) => ({ field, from: before[field] ?? null, to: to ?? null }))
