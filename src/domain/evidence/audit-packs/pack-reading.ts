/** A pack being verified: its files, the keys that count, and what has been found and used so far. */

import type { Ed25519Verify, Sha256 } from '../ledger/index.ts'
import type { Policy } from './policy.ts'
import { finding, noFindings } from './verdict.ts'
import type { Findings } from './verdict.ts'

export type PackCrypto = { readonly sha256: Sha256; readonly ed25519Verify: Ed25519Verify }

export type PackReading = PackCrypto & {
  readonly files: ReadonlyMap<string, Uint8Array>
  /** The auditor's policy, or the pack's own claim when there is none. */
  readonly keys: Policy
  readonly findings: Findings
  /** Reads a file the format requires; its absence is a fault. */
  readonly take: (path: string) => Uint8Array | undefined
  /** Marks a file as judged by some rule other than the manifest's hash. */
  readonly use: (path: string) => void
  readonly isUsed: (path: string) => boolean
}

export const NO_KEYS: Policy = { logs: [], packs: [], witnesses: [], quorum: { kind: 'none' } }

export function readingOf(
  files: ReadonlyMap<string, Uint8Array>,
  keys: Policy,
  crypto: PackCrypto,
): PackReading {
  const used = new Set<string>()
  const findings = noFindings()
  return {
    ...crypto,
    files,
    keys,
    findings,
    take: (path) => {
      used.add(path)
      const bytes = files.get(path)
      if (bytes === undefined)
        findings.faults.push(finding('file-missing', 'the pack lacks a file it must have', path))
      return bytes
    },
    use: (path) => {
      used.add(path)
    },
    isUsed: (path) => used.has(path),
  }
}
