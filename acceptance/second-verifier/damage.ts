/** Seeded damage to packs that nobody designed: bytes of files, bytes of the zip, and JSON that is well formed and wrong. */

import { zipOfFiles } from '../../src/cli/verify/zip-write.ts'
import { canonicalJson, utf8 } from '../../src/domain/evidence/ledger/index.ts'
import type { JsonValue } from '../../src/domain/evidence/ledger/index.ts'
import { resigned } from './resigned.ts'

export type Random = (below: number) => number
export type Damage = { readonly how: string; readonly path: string; readonly zip: Uint8Array }

/** A small generator, so that damage can be repeated (mulberry32). */
export function randomOf(seed: number): Random {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

const oneOf = <Choice>(random: Random, choices: readonly Choice[]): Choice => choices[random(choices.length)]!

/** A file other than manifest and note gets a flip, a gap, a stutter or a digit; the manifest is signed anew. */
export function damagedFile(honest: ReadonlyMap<string, Uint8Array>, random: Random): Damage | undefined {
  const path = oneOf(
    random,
    [...honest.keys()].filter((name) => !name.startsWith('manifest.')),
  )
  const bytes = Buffer.from(honest.get(path)!)
  if (bytes.length === 0) return undefined
  const at = random(bytes.length)
  const [how, damaged] = oneOf(random, [
    ['flip', (): Buffer => bytes.fill(bytes[at]! ^ (1 << random(8)), at, at + 1)],
    ['gap', (): Buffer => Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random(40))])],
    [
      'stutter',
      (): Buffer => Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.max(0, at - random(60)))]),
    ],
    ['digit', (): Buffer => bytes.fill(0x30 + random(10), at, at + 1)],
  ] as const)
  const content = damaged()
  if (content.equals(honest.get(path)!)) return undefined
  return {
    how: `${how} at ${at} of ${path}`,
    path,
    zip: zipOfFiles(resigned(new Map([...honest, [path, content]]))),
  }
}

/** One bit of the zip itself, most often in its directory, where readers differ. */
export function damagedZip(honest: Uint8Array, random: Random): Damage {
  const zip = Buffer.from(honest)
  const directory = zip.readUInt32LE(zip.length - 6)
  const at = oneOf(random, [random(zip.length), directory + random(zip.length - directory), random(60)])
  zip[at] = zip[at]! ^ (1 << random(8))
  return { how: `bit of byte ${at} of the zip`, path: '', zip }
}

const STRAYS: readonly JsonValue[] = JSON.parse(
  '[0,-1,1,28,27,38,1.5,9007199254740991,"","x",null,true,false,[],{},[null],"withheld","erased","present","disclosed","redacted"]',
) as readonly JsonValue[]

/** Canonical JSON that means something else: members gone, doubled, renamed, of another type. */
export function damagedJson(honest: ReadonlyMap<string, Uint8Array>, random: Random): Damage | undefined {
  const path = oneOf(
    random,
    [...honest.keys()].filter((name) => name.endsWith('json')),
  )
  const text = Buffer.from(honest.get(path)!).toString()
  let damaged: string
  if (path.endsWith('.ndjson')) {
    const lines = text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as JsonValue)
    if (lines.length === 0) return undefined
    const at = random(lines.length)
    const edited = random(6) === 0 ? bent(lines, random) : lines.with(at, bent(lines[at]!, random))
    if (!Array.isArray(edited)) return undefined
    damaged = edited.map((line) => `${canonicalJson(line)}\n`).join('')
  } else {
    damaged = canonicalJson(bent(JSON.parse(text) as JsonValue, random))
  }
  if (damaged === text) return undefined
  const files = new Map([...honest, [path, utf8(damaged)]])
  const isObject = path !== 'manifest.json' || damaged.startsWith('{')
  return {
    how: `${path}: ${damaged.slice(0, 200)}`,
    path,
    zip: zipOfFiles(isObject ? resigned(files) : files),
  }
}

function bent(value: JsonValue, random: Random): JsonValue {
  if (random(4) > 0) {
    if (Array.isArray(value) && value.length > 0) return bentList(value as readonly JsonValue[], random)
    if (typeof value === 'object' && value !== null && Object.keys(value).length > 0)
      return bentObject(value as Readonly<Record<string, JsonValue>>, random)
  }
  if (typeof value === 'number' && random(2) === 0) return value + random(5) - 2
  if (typeof value === 'string' && value.length > 0 && random(2) === 0) {
    const at = random(value.length)
    return (value.slice(0, at) + 'aA0_=-/'.charAt(random(7)) + value.slice(at + 1)).toWellFormed()
  }
  return oneOf(random, STRAYS)
}

function bentList(list: readonly JsonValue[], random: Random): JsonValue {
  const at = random(list.length)
  switch (random(5)) {
    case 0:
      return list.toSpliced(at, 1)
    case 1:
      return [...list, list[at]!]
    case 2:
      return list.toReversed()
    default:
      return list.with(at, bent(list[at]!, random))
  }
}

function bentObject(object: Readonly<Record<string, JsonValue>>, random: Random): JsonValue {
  const name = oneOf(random, Object.keys(object))
  switch (random(6)) {
    case 0:
      return Object.fromEntries(Object.entries(object).filter(([other]) => other !== name))
    case 1:
      return { ...object, extra: 1 }
    default:
      return { ...object, [name]: bent(object[name]!, random) }
  }
}
