/** The public half of a ledger entry: what happened, when, by which pseudonym, and digests of everything readable. */

import { refuse } from '../../refusal.ts'
import type { Refusal } from '../../refusal.ts'
import { bytesOfBase64 } from './base64.ts'
import { HASH_BYTES, textOfUtf8, utf8 } from './bytes.ts'
import { canonicalJson } from './jcs.ts'
import { parseCanonicalJson } from './strict-json.ts'
import { isTimestamp } from './timestamp.ts'

/** Entry bundles (C2SP tlog-tiles) carry the length of a leaf in 16 bits. */
export const MAX_LEAF_BYTES = 65_535

export const LEAF_ROUTES = ['web', 'cli', 'api', 'system', 'link', 'integration'] as const

/** A recording chunk, an attached file: named by hash, kept elsewhere, erasable. */
export type LeafBlob = {
  readonly kind: string
  /** SHA-256 of the bytes, lower-case hexadecimal, so that sha256sum and grep can follow it. */
  readonly h: string
  /** Length in bytes. */
  readonly n: number
}

/** A head its writer had seen: a fork must then lie in more places at once. */
export type LeafCheckpoint = {
  readonly size: number
  /** Standard base64, as in a checkpoint. */
  readonly root: string
}

export type Leaf = {
  readonly v: 1
  /** UUID of the log; ties the bytes to one tree. */
  readonly log: string
  /** UUID of this entry. */
  readonly id: string
  /** `decision.approved`: dotted, lower case, past tense. */
  readonly type: string
  /** `2026-11-22T20:40:00.123Z`, always with milliseconds. */
  readonly at: string
  /** `a_` and a pseudonym; the name behind it lives in the directory and can be erased there. */
  readonly actor: string
  readonly via: (typeof LEAF_ROUTES)[number]
  /** What the entry is about: [kind, UUID]. */
  readonly refs: readonly (readonly [kind: string, id: string])[]
  /** Digests of the disclosures, base64url, ascending, each once. */
  readonly sd: readonly string[]
  readonly blobs?: readonly LeafBlob[]
  readonly prev_cp?: LeafCheckpoint
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const TYPE = /^[a-z][a-z0-9_-]*(?:\.[a-z][a-z0-9_-]*)+$/
const KIND = /^[a-z][a-z0-9_.-]{0,63}$/
const ACTOR = /^a_[A-Za-z0-9_-]{1,64}$/

export const isUuid = (value: unknown): value is string => typeof value === 'string' && UUID.test(value)

/** The 43 characters of a SHA-256 digest in base64url; the last one carries four bits only. */
const DIGEST = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/
const HEX_HASH = /^[0-9a-f]{64}$/

export const isDigest = (value: unknown): value is string => isShaped(value, DIGEST)

export const isHexHash = (value: unknown): value is string => isShaped(value, HEX_HASH)

/**
 * The bytes that are hashed and kept. They are stored as they are: rebuilding them from columns is not allowed.
 *
 * @throws TypeError naming the field, when the leaf breaks the shape; RangeError above {@link MAX_LEAF_BYTES}
 */
export function encodeLeaf(leaf: Leaf): Uint8Array {
  const fault = faultOf(leaf)
  if (fault !== undefined) throw new TypeError(`not a ledger leaf: ${fault}`)
  const bytes = utf8(canonicalJson(leaf))
  if (bytes.length > MAX_LEAF_BYTES)
    throw new RangeError(`a ledger leaf holds at most ${MAX_LEAF_BYTES} bytes, not ${bytes.length}`)
  return bytes
}

/** Reads bytes of any origin; only what {@link encodeLeaf} could have written is a leaf. */
export function decodeLeaf(bytes: Uint8Array): Leaf | Refusal<'leaf-malformed'> {
  if (bytes.length > MAX_LEAF_BYTES) return refuse('leaf-malformed', 'the leaf is longer than 65,535 bytes')
  const text = textOfUtf8(bytes)
  if (text === undefined) return refuse('leaf-malformed', 'the leaf is not UTF-8')
  let value: unknown
  try {
    value = parseCanonicalJson(text, { maxDepth: 4 })
  } catch (error) {
    return refuse('leaf-malformed', (error as Error).message)
  }
  const fault = faultOf(value)
  return fault === undefined ? (value as Leaf) : refuse('leaf-malformed', fault)
}

const REQUIRED = ['v', 'log', 'id', 'type', 'at', 'actor', 'via', 'refs', 'sd'] as const
const FIELDS: ReadonlySet<string> = new Set([...REQUIRED, 'blobs', 'prev_cp'])

/** Names the first field that is wrong, or undefined. */
function faultOf(value: unknown): string | undefined {
  if (!isRecord(value)) return 'not an object'
  for (const name of REQUIRED) if (!Object.hasOwn(value, name)) return `${name} is missing`
  for (const name of Object.keys(value)) if (!FIELDS.has(name)) return 'unknown field'
  if (value['v'] !== 1) return 'v must be 1'
  if (!isUuid(value['log'])) return 'log must be a lower-case UUID'
  if (!isUuid(value['id'])) return 'id must be a lower-case UUID'
  if (!isShaped(value['type'], TYPE) || value['type'].length > 64)
    return 'type must be dotted lower-case words'
  if (!isTimestamp(value['at'])) return 'at must be YYYY-MM-DDTHH:MM:SS.sssZ'
  if (!isShaped(value['actor'], ACTOR)) return 'actor must be a_ and a pseudonym'
  if (!(LEAF_ROUTES as readonly unknown[]).includes(value['via'])) return 'via is unknown'
  if (!isList(value['refs'], isRef)) return 'refs must be pairs of a kind and a lower-case UUID'
  if (!isList(value['sd'], isDigest) || !isAscending(value['sd']))
    return 'sd must be sorted, distinct digests'
  if (Object.hasOwn(value, 'blobs') && !isList(value['blobs'], isBlob)) return 'blobs must be {kind, h, n}'
  if (Object.hasOwn(value, 'prev_cp') && !isSeenCheckpoint(value['prev_cp']))
    return 'prev_cp must be {size, root}'
  return undefined
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isShaped = (value: unknown, shape: RegExp): value is string =>
  typeof value === 'string' && shape.test(value)

const isList = <Element>(
  value: unknown,
  isElement: (element: unknown) => element is Element,
): value is readonly Element[] => Array.isArray(value) && value.every((element) => isElement(element))

const isRef = (value: unknown): value is readonly [string, string] =>
  Array.isArray(value) && value.length === 2 && isShaped(value[0], KIND) && isUuid(value[1])

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

const isBlob = (value: unknown): value is LeafBlob =>
  isRecord(value) &&
  Object.keys(value).length === 3 &&
  isShaped(value['kind'], KIND) &&
  isHexHash(value['h']) &&
  isCount(value['n'])

const isSeenCheckpoint = (value: unknown): value is LeafCheckpoint =>
  isRecord(value) &&
  Object.keys(value).length === 2 &&
  isCount(value['size']) &&
  typeof value['root'] === 'string' &&
  bytesOfBase64(value['root'])?.length === HASH_BYTES

/** The digests are ASCII, so the order of UTF-16 code units is the order of bytes. */
function isAscending(digests: readonly string[]): boolean {
  for (let i = 1; i < digests.length; i++) if (digests[i - 1]! >= digests[i]!) return false
  return true
}
