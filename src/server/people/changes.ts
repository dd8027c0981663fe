/** What differs between two versions of a thing, field by field: the body of `…updated` events and the diff of `apply`. */

export type Change = { readonly field: string; readonly from: unknown; readonly to: unknown }

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null)

/** @param wanted only the fields it has are compared; undefined means "leave it" */
export const changesBetween = (
  before: Readonly<Record<string, unknown>>,
  wanted: Readonly<Record<string, unknown>>,
): Change[] =>
  Object.entries(wanted)
    .filter(([field, to]) => to !== undefined && !same(before[field], to))
    .map(([field, to]) => ({ field, from: before[field] ?? null, to: to ?? null }))
