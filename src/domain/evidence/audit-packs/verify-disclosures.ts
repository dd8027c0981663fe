/** The fate of every field of every entry: readable, withheld, gone by a recorded act, or missing. */

import { isRefusal } from '../../refusal.ts'
import { digestOfDisclosure, isDigest, isUuid, parseDisclosure } from '../ledger/index.ts'
import type { JsonValue } from '../ledger/index.ts'
import { ERASED, EXPIRED, GONE_DIGESTS, logPaths } from './format.ts'
import type { ManifestLog } from './format.ts'
import { goneByRecord } from './gone-by-record.ts'
import type { PackReading } from './pack-reading.ts'
import { hasExactly, isCount, isText, readLines } from './shape.ts'
import { finding } from './verdict.ts'
import type { DisclosedFields } from './disclosed-fields.ts'
import type { FieldVerdict } from './verdict.ts'
import type { IndexedLeaf, Population } from './verify-population.ts'

export type DisclosureVerdicts = {
  readonly disclosed: DisclosedFields
  /** In the order of `sd`. */
  readonly fieldsOf: (entry: IndexedLeaf) => readonly FieldVerdict[]
}

type Line =
  | { readonly state: 'disclosed'; readonly entry: string; readonly digest: string; readonly text: string }
  | { readonly state: 'withheld'; readonly entry: string; readonly digest: string; readonly name?: string }
  | {
      readonly state: 'erased' | 'expired'
      readonly entry: string
      readonly digest: string
      readonly by: number
      readonly name?: string
    }

export function verifyDisclosures(
  reading: PackReading,
  log: ManifestLog,
  population: Population,
): DisclosureVerdicts {
  const lines = readDisclosureLines(reading, log, population)
  const disclosed = new Map<string, Map<string, JsonValue>>()
  const verdicts = new Map<string, FieldVerdict>()
  for (const line of lines.values()) {
    if (line.state !== 'disclosed') continue
    const verdict = judgeDisclosed(reading, line, disclosed)
    if (verdict !== undefined) verdicts.set(keyOf(line.entry, line.digest), verdict)
  }
  // Only now are the fields known in which an erasing entry names what it erased.
  const isGone = goneByRecord(reading, population, disclosed)
  for (const { index, leaf } of population.entries) {
    for (const digest of leaf.sd) {
      const key = keyOf(leaf.id, digest)
      const line = lines.get(key)
      if (line === undefined) {
        reading.findings.faults.push(
          finding('field-missing', `field ${digest} is neither shown nor accounted for`, `entry ${index}`),
        )
      } else if (line.state === 'withheld') {
        verdicts.set(key, { state: 'withheld', digest, ...claimOf(line) })
      } else if (line.state !== 'disclosed') {
        const type = line.state === 'erased' ? ERASED : EXPIRED
        if (isGone({ index, by: line.by, type, field: GONE_DIGESTS, what: digest }))
          verdicts.set(key, { state: line.state, digest, by: line.by, ...claimOf(line) })
      }
    }
  }
  const fieldsOf = ({ leaf }: IndexedLeaf): readonly FieldVerdict[] =>
    leaf.sd.map((digest) => verdicts.get(keyOf(leaf.id, digest)) ?? { state: 'missing', digest })
  return { disclosed, fieldsOf }
}

const keyOf = (entry: string, digest: string): string => `${entry} ${digest}`

const claimOf = ({ name }: { readonly name?: string }): { readonly claimedName?: string } =>
  name === undefined ? {} : { claimedName: name }

function readDisclosureLines(
  reading: PackReading,
  log: ManifestLog,
  population: Population,
): ReadonlyMap<string, Line> {
  const path = logPaths(log.log).disclosures
  const { faults } = reading.findings
  const carried = new Set<string>()
  const later = new Set(population.later.map(({ leaf }) => leaf.id))
  for (const { leaf } of [...population.entries, ...population.later])
    for (const digest of leaf.sd) carried.add(keyOf(leaf.id, digest))
  const lines = new Map<string, Line>()
  for (const [i, value] of readLines(reading.take(path) ?? new Uint8Array(0)).entries()) {
    const where = `${path} line ${i + 1}`
    const line = parseLine(value)
    if (line === undefined) {
      faults.push(finding('disclosure-malformed', 'the line is not a disclosure line', where))
      continue
    }
    const key = keyOf(line.entry, line.digest)
    if (!carried.has(key))
      faults.push(finding('disclosure-foreign', 'the entry does not carry this digest', where))
    else if (lines.has(key)) faults.push(finding('disclosure-twice', 'the digest has a second line', where))
    else if (later.has(line.entry) && line.state !== 'disclosed')
      faults.push(finding('disclosure-malformed', 'a later entry has disclosed lines only', where))
    else lines.set(key, line)
  }
  return lines
}

function parseLine(value: unknown): Line | undefined {
  const state = (value as { state?: unknown } | undefined | null)?.state
  if (state === 'disclosed') {
    if (!hasExactly(value, ['digest', 'entry', 'state', 'text']) || !isText(value['text'])) return undefined
  } else if (state === 'withheld') {
    if (!hasExactly(value, ['digest', 'entry', 'state'], ['name'])) return undefined
  } else if (state === 'erased' || state === 'expired') {
    if (!hasExactly(value, ['by', 'digest', 'entry', 'state'], ['name']) || !isCount(value['by']))
      return undefined
  } else {
    return undefined
  }
  const { entry, digest, name } = value as Record<string, unknown>
  if (!isUuid(entry) || !isDigest(digest) || (name !== undefined && !isText(name))) return undefined
  return value as unknown as Line
}

function judgeDisclosed(
  reading: PackReading,
  line: Extract<Line, { state: 'disclosed' }>,
  disclosed: Map<string, Map<string, JsonValue>>,
): FieldVerdict | undefined {
  const { faults } = reading.findings
  const where = `entry ${line.entry}`
  if (digestOfDisclosure(line.text, reading.sha256) !== line.digest) {
    faults.push(
      finding('disclosure-false', `the text shown for ${line.digest} is not the one recorded`, where),
    )
    return undefined
  }
  const parsed = parseDisclosure(line.text)
  if (isRefusal(parsed)) {
    faults.push(finding(parsed.code, parsed.detail, where))
    return undefined
  }
  const fields = disclosed.get(line.entry) ?? new Map<string, JsonValue>()
  if (fields.has(parsed.name))
    faults.push(finding('disclosure-name-twice', `the entry has two fields called ${parsed.name}`, where))
  fields.set(parsed.name, parsed.value)
  disclosed.set(line.entry, fields)
  return { state: 'disclosed', digest: line.digest, name: parsed.name, value: parsed.value }
}
