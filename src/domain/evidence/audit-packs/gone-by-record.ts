/** "Erased by entry n" is believed only when entry n, proved to be in the log, names what it erased. */

import { canonicalJson } from '../ledger/index.ts'
import type { JsonValue, Leaf } from '../ledger/index.ts'
import type { PackReading } from './pack-reading.ts'
import { finding } from './verdict.ts'
import type { DisclosedFields } from './disclosed-fields.ts'
import type { Population } from './verify-population.ts'

export type GoneClaim = {
  /** Index of the entry whose part is gone. */
  readonly index: number
  /** Index of the entry that says so. */
  readonly by: number
  readonly type: string
  /** The disclosed field in which it names what is gone. */
  readonly field: string
  readonly what: JsonValue
}

/** @returns a question that answers false only after writing down why */
export function goneByRecord(
  reading: PackReading,
  population: Population,
  disclosed: DisclosedFields,
): (claim: GoneClaim) => boolean {
  const leaves = new Map<number, Leaf>()
  for (const { index, leaf } of [...population.entries, ...population.later]) leaves.set(index, leaf)
  // An erasure may name thousands of digests; each list is put into a set once.
  const named = new Map<string, ReadonlySet<string>>()
  const namedBy = (leaf: Leaf, field: string): ReadonlySet<string> => {
    const key = `${leaf.id} ${field}`
    const known = named.get(key)
    if (known !== undefined) return known
    const list = disclosed.get(leaf.id)?.get(field)
    const names = new Set(
      Array.isArray(list) ? (list as readonly JsonValue[]).map((one) => canonicalJson(one)) : [],
    )
    named.set(key, names)
    return names
  }
  return ({ index, by, type, field, what }) => {
    const leaf = leaves.get(by)
    const why =
      leaf === undefined
        ? `entry ${by} is not in the pack`
        : by <= index
          ? `entry ${by} is not after it`
          : leaf.type !== type
            ? `entry ${by} is of type ${leaf.type}, not ${type}`
            : namedBy(leaf, field).has(canonicalJson(what))
              ? undefined
              : `entry ${by} does not name it in a disclosed field ${field}`
    if (why === undefined) return true
    reading.findings.faults.push(
      finding('gone-unproved', `${canonicalJson(what)} is said to be gone, but ${why}`, `entry ${index}`),
    )
    return false
  }
}
