/** The whole judgement of an audit pack, offline: contradictions, things not established, and the fate of every field. */

import { isRefusal } from '../../refusal.ts'
import { textOfUtf8 } from '../ledger/index.ts'
import { ACTORS_PATH, KEYS_PATH, README_PATH } from './format.ts'
import type { Manifest, ManifestLog } from './format.ts'
import { NO_KEYS, readingOf } from './pack-reading.ts'
import type { PackCrypto, PackReading } from './pack-reading.ts'
import { parsePolicy } from './policy.ts'
import type { Policy } from './policy.ts'
import { hasExactly, isText, readCanonical } from './shape.ts'
import { finding } from './verdict.ts'
import type { Finding, LogVerdict, Verdict } from './verdict.ts'
import { verifyBlobs } from './verify-blobs.ts'
import { verifyDisclosures } from './verify-disclosures.ts'
import { rootTextOf, signersOf, verifyHeads } from './verify-heads.ts'
import { verifyHeld } from './verify-held.ts'
import type { ReadLog } from './verify-held.ts'
import { noteUncheckedFiles, readManifest, verifyFiles, verifyManifestNote } from './verify-manifest.ts'
import { verifyObservations } from './verify-observations.ts'
import { verifyPeriod } from './verify-period.ts'
import { verifyPopulation } from './verify-population.ts'
import { verifyManifestSigners, verifyRotations } from './verify-rotations.ts'
import { verifySeenHeads } from './verify-seen-heads.ts'
import { verifySessions } from './verify-sessions.ts'

/**
 * @param files  what the zip holds, by path
 * @param policy whom the auditor trusts; without one the keys inside the pack show at best that it agrees with itself
 * @param held   checkpoint notes the auditor kept from before
 */
export function verifyPack(
  files: ReadonlyMap<string, Uint8Array>,
  policy: Policy | undefined,
  crypto: PackCrypto,
  held: readonly string[] = [],
): Verdict {
  const ownKeys = policy === undefined ? keysOfPack(files, crypto) : undefined
  const reading = readingOf(files, policy ?? ownKeys?.keys ?? NO_KEYS, crypto)
  if (policy === undefined)
    reading.findings.gaps.push(
      finding('no-policy', 'self-consistent only, signer not trusted: no policy says whose keys count'),
    )
  if (ownKeys?.fault !== undefined) reading.findings.gaps.push(ownKeys.fault)
  const manifest = readManifest(reading)
  if (manifest === undefined) return verdictOf(reading, policy, undefined, [], [])
  const manifestSigners = verifyManifestNote(reading)
  verifyFiles(reading, manifest)
  verifyRegister(reading)
  for (const path of [README_PATH, KEYS_PATH])
    if (!files.has(path))
      reading.findings.faults.push(finding('file-missing', 'the pack lacks a file it must have', path))
  const logs = new Map<string, ReadLog>()
  const retired = new Set<string>()
  const verdicts = manifest.logs.map((log) => verifyLog(reading, manifest, log, logs, retired))
  verifyManifestSigners(reading, manifestSigners, retired)
  for (const note of held) verifyHeld(reading, manifest, logs, note)
  noteUncheckedFiles(reading, manifest)
  const signers = manifestSigners.map(({ name, id }) => `${name} (${id})`)
  return verdictOf(reading, policy, manifest, signers, verdicts)
}

function verifyLog(
  reading: PackReading,
  manifest: Manifest,
  log: ManifestLog,
  logs: Map<string, ReadLog>,
  retired: Set<string>,
): LogVerdict {
  const heads = verifyHeads(reading, log)
  const population = verifyPopulation(reading, log, heads.end)
  logs.set(log.log, { heads, population })
  verifySeenHeads(reading, heads, population)
  const { disclosed, fieldsOf } = verifyDisclosures(reading, log, population)
  const blobsOf = verifyBlobs(reading, log, population, disclosed)
  for (const key of verifyRotations(reading, log, heads, population, disclosed)) retired.add(key)
  verifySessions(reading, population, disclosed)
  verifyObservations(reading, log, population, disclosed)
  const { origin, from, to, start, end } = log
  return {
    log: log.log,
    origin,
    from,
    to,
    start,
    end,
    ...(population.isProved && heads.end !== undefined ? { provedRoot: rootTextOf(heads.end) } : {}),
    ...signersOf(heads.end),
    periodEnd: verifyPeriod(reading, log, manifest.period, population.entries),
    entries: population.entries.map((entry) => ({
      ...entry,
      fields: fieldsOf(entry),
      blobs: blobsOf(entry),
    })),
  }
}

/** Names of actors prove nothing, but a register that cannot be read is no register. */
function verifyRegister(reading: PackReading): void {
  const bytes = reading.files.get(ACTORS_PATH)
  const register = bytes === undefined ? undefined : readCanonical(bytes)?.value
  const isRegister =
    typeof register === 'object' &&
    register !== null &&
    !Array.isArray(register) &&
    Object.values(register).every((actor) => hasExactly(actor, ['name']) && isText(actor['name']))
  if (!isRegister)
    reading.findings.faults.push(
      finding('actors-malformed', 'the register of actors cannot be read', ACTORS_PATH),
    )
}

function keysOfPack(
  files: ReadonlyMap<string, Uint8Array>,
  crypto: PackCrypto,
): { readonly keys: Policy; readonly fault?: Finding } {
  const bytes = files.get(KEYS_PATH)
  const keys = bytes === undefined ? NO_KEYS : parsePolicy(textOfUtf8(bytes) ?? '\u0000', crypto.sha256)
  return isRefusal(keys)
    ? { keys: NO_KEYS, fault: finding('keys-malformed', keys.detail, KEYS_PATH) }
    : { keys }
}

function verdictOf(
  reading: PackReading,
  policy: Policy | undefined,
  manifest: Manifest | undefined,
  manifestSigners: readonly string[],
  logs: readonly LogVerdict[],
): Verdict {
  const { faults, gaps, notes } = reading.findings
  return {
    outcome: faults.length > 0 ? 'tampered' : gaps.length > 0 ? 'incomplete' : 'ok',
    policyGiven: policy !== undefined,
    ...(manifest === undefined ? {} : { manifest }),
    manifestSigners,
    faults: distinct(faults),
    gaps: distinct(gaps),
    notes: distinct(notes),
    logs,
  }
}

/** Two rules may stumble over one missing file. */
function distinct(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Set<string>()
  return findings.filter(({ code, where, detail }) => {
    const key = `${code} ${where ?? detail}`
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}
