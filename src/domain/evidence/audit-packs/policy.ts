/** Whom an auditor trusts to sign: log keys, pack keys, witnesses and how many of them (C2SP tlog-policy, and `pack`). */

import { isRefusal, refuse } from '../../refusal.ts'
import type { Refusal } from '../../refusal.ts'
import { COSIGNATURE, parseVkey, SIGNATURE } from '../ledger/index.ts'
import type { Sha256, VerifierKey } from '../ledger/index.ts'

export type Quorum =
  | { readonly kind: 'none' }
  | { readonly kind: 'witness'; readonly key: VerifierKey }
  | { readonly kind: 'group'; readonly atLeast: number; readonly members: readonly Quorum[] }

export type Policy = {
  readonly logs: readonly VerifierKey[]
  readonly packs: readonly VerifierKey[]
  readonly witnesses: readonly VerifierKey[]
  readonly quorum: Quorum
}

type Reading = {
  readonly logs: VerifierKey[]
  readonly packs: VerifierKey[]
  readonly witnesses: VerifierKey[]
  readonly named: Map<string, Quorum>
  readonly grouped: Set<string>
  quorum?: Quorum
}

type PolicyRefusal = Refusal<'policy-malformed'>

const MAX_POLICY_LENGTH = 1_000_000

/** The refusal names the line. Beside the specification: no `quorum` line means none, and a bare vkey may sign both. */
export function parsePolicy(text: string, sha256: Sha256): Policy | PolicyRefusal {
  // oxlint-disable-next-line no-control-regex -- the specification allows tab and newline only
  if (text.length > MAX_POLICY_LENGTH || /[\u0000-\u0008\u000b-\u001f\u007f]/.test(text))
    return refuse('policy-malformed', 'the policy is too long or holds control characters')
  const reading: Reading = { logs: [], packs: [], witnesses: [], named: new Map(), grouped: new Set() }
  for (const [i, line] of text.split('\n').entries()) {
    const words = line.split(/[ \t]+/).filter((word) => word !== '')
    if (words.length === 0 || words[0]!.startsWith('#')) continue
    const fault = readLine(reading, words, sha256)
    if (fault !== undefined) return refuse('policy-malformed', `line ${i + 1} of the policy: ${fault}`)
  }
  const { logs, packs, witnesses, quorum } = reading
  return { logs, packs, witnesses, quorum: quorum ?? { kind: 'none' } }
}

/** Returns what is wrong with the line, or undefined. */
function readLine(reading: Reading, words: readonly string[], sha256: Sha256): string | undefined {
  const [keyword, ...rest] = words as [string, ...string[]]
  switch (keyword) {
    case 'log':
    case 'pack':
      return readSigner(reading, keyword, rest, sha256)
    case 'witness':
      return readWitness(reading, rest, sha256)
    case 'group':
      return readGroup(reading, rest)
    case 'quorum':
      return readQuorum(reading, rest)
    default:
      return words.length === 1 ? readBareKey(reading, keyword, sha256) : 'unknown keyword'
  }
}

function readSigner(
  reading: Reading,
  role: 'log' | 'pack',
  words: readonly string[],
  sha256: Sha256,
): string | undefined {
  const [vkey, , ...more] = words
  if (vkey === undefined || more.length > 0) return `expected ${role} <vkey> [<url>]`
  const key = parseVkey(vkey, sha256)
  if (isRefusal(key)) return key.detail
  if (key.type !== SIGNATURE) return `a ${role} key has type 1, this one is for cosignatures`
  reading[role === 'log' ? 'logs' : 'packs'].push(key)
  return undefined
}

function readBareKey(reading: Reading, word: string, sha256: Sha256): string | undefined {
  const key = parseVkey(word, sha256)
  if (isRefusal(key)) return 'neither a keyword nor a verifier key'
  if (key.type !== SIGNATURE) return 'a witness key needs the keyword witness and a name'
  reading.logs.push(key)
  reading.packs.push(key)
  return undefined
}

function readWitness(reading: Reading, words: readonly string[], sha256: Sha256): string | undefined {
  const [name, vkey, , ...more] = words
  if (name === undefined || vkey === undefined || more.length > 0)
    return 'expected witness <name> <vkey> [<url>]'
  if (name === 'none' || reading.named.has(name)) return 'the name is taken'
  const key = parseVkey(vkey, sha256)
  if (isRefusal(key)) return key.detail
  if (key.type !== COSIGNATURE) return 'a witness key has type 4, this one is for logs'
  // The signed bytes do not name the witness: one key under two names would count twice.
  if (reading.witnesses.some((other) => sameKey(other, key))) return 'the witness key is listed twice'
  reading.witnesses.push(key)
  reading.named.set(name, { kind: 'witness', key })
  return undefined
}

const sameKey = (a: VerifierKey, b: VerifierKey): boolean =>
  a.publicKey.every((byte, i) => byte === b.publicKey[i])

function readGroup(reading: Reading, words: readonly string[]): string | undefined {
  const [name, threshold, ...members] = words
  if (name === undefined || threshold === undefined || members.length === 0)
    return 'expected group <name> <k|any|all> <member>…'
  if (name === 'none' || reading.named.has(name)) return 'the name is taken'
  const quorums: Quorum[] = []
  for (const member of members) {
    const quorum = reading.named.get(member)
    if (quorum === undefined) return 'a member is not defined above'
    if (reading.grouped.has(member)) return 'a member counts in two places'
    reading.grouped.add(member)
    quorums.push(quorum)
  }
  const atLeast = thresholdOf(threshold, members.length)
  if (atLeast === undefined) return 'the threshold is any, all, or a number from 1 to the number of members'
  reading.named.set(name, { kind: 'group', atLeast, members: quorums })
  return undefined
}

function thresholdOf(word: string, count: number): number | undefined {
  if (word === 'any') return 1
  if (word === 'all') return count
  return /^[1-9][0-9]{0,3}$/.test(word) && Number(word) <= count ? Number(word) : undefined
}

function readQuorum(reading: Reading, words: readonly string[]): string | undefined {
  const [name, ...more] = words
  if (name === undefined || more.length > 0) return 'expected quorum <name>'
  if (reading.quorum !== undefined) return 'there is one quorum'
  const quorum = name === 'none' ? { kind: 'none' as const } : reading.named.get(name)
  if (quorum === undefined) return 'the quorum is not defined above'
  reading.quorum = quorum
  return undefined
}

/** @param cosigners the witness keys whose cosignatures were verified */
export function isQuorum(quorum: Quorum, cosigners: readonly VerifierKey[]): boolean {
  switch (quorum.kind) {
    case 'none':
      return true
    case 'witness':
      return cosigners.some(({ name, id }) => name === quorum.key.name && id === quorum.key.id)
    case 'group':
      return quorum.members.filter((member) => isQuorum(member, cosigners)).length >= quorum.atLeast
  }
}
