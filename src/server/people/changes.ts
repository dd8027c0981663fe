/** What differs between two versions of a thing, field by field: the body of `…updated` events and the diff of `apply`. */
import { Fault } from '../platform/faults.ts'

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

/**
 * Two people edit one record, and neither overwrites the other unseen.
 * @param expected the fields to be changed as whoever changes them saw them; undefined when they do not care
 * @throws Fault conflict that names every field that has become something else since
 */
export const refuseOvertaken = (
  name: string,
  current: Readonly<Record<string, unknown>>,
  expected: Readonly<Record<string, unknown>> | undefined,
): void => {
  const others = changesBetween(current, expected ?? {}).map(({ field }) => field)
  if (others.length === 0) return
  throw new Fault(
    'conflict',
    `${name} was changed by somebody else since you looked at it (${others.join(', ')}). Nothing was changed. Load it again.`,
    { errors: others.map((field) => ({ path: `body.${field}`, detail: 'was changed by somebody else' })) },
  )
}
