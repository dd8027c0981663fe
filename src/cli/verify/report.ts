/** The judgement in words a tired auditor can act on: first what the pack is, then what holds, then what does not. */

import type { Finding, LogVerdict, Verdict } from '../../domain/evidence/audit-packs/index.ts'
import { visible } from './visible.ts'

const MAX_LISTED = 20

export function reportOf(verdict: Verdict): string {
  const sections = [
    headOf(verdict),
    ...verdict.logs.map((log) => logOf(log, verdict.policyGiven)),
    provedOf(verdict),
    listOf('Contradictions', verdict.faults),
    listOf('Not established', verdict.gaps),
    listOf('Worth knowing', verdict.notes),
    notProvedOf(verdict),
    conclusionOf(verdict),
  ]
  return sections.filter((section) => section !== '').join('\n\n')
}

function headOf({ manifest }: Verdict): string {
  if (manifest === undefined) return ''
  const { id, created_at: createdAt, requester, purpose, period, scope } = manifest
  const scopes = Object.entries(scope).map(([name, value]) => `${visible(name)} ${visible(value)}`)
  return [
    `Audit pack ${id}, made ${createdAt}`,
    `  requested by  ${visible(requester)}`,
    `  purpose       ${visible(purpose)}`,
    `  period        ${period.from} to ${period.to}`,
    ...(scopes.length === 0 ? [] : [`  scope         ${scopes.join(', ')}`]),
  ].join('\n')
}

function logOf(log: LogVerdict, policyGiven: boolean): string {
  const { origin, from, to, end, signers, cosigners, entries } = log
  const fields = count(entries.flatMap((entry) => entry.fields.map(({ state }) => FATES[state])))
  const blobs = count(entries.flatMap((entry) => entry.blobs.map(({ state }) => FATES[state])))
  const seen = cosigners.map(({ name, cosignedAt }) => `${visible(name)} at ${instant(cosignedAt)}`)
  const range = to === from ? 'no entries' : `${to - from} entries, numbers ${from} to ${to - 1}`
  return [
    `Log ${visible(origin)}`,
    `  ${range}, of ${end} at the signed end`,
    `  fields      ${fields}`,
    `  files       ${blobs}`,
    `  signed by   ${signers.map((name) => visible(name)).join(', ') || 'nobody known'}${policyGiven ? '' : ' (keys that the pack itself names)'}`,
    ...(seen.length === 0 ? [] : [`  witnessed   ${seen.join(', ')}`]),
  ].join('\n')
}

const FATES = {
  disclosed: 'shown',
  present: 'shown',
  withheld: 'withheld from this pack',
  erased: 'erased by a recorded act',
  expired: 'expired by a recorded act',
  redacted: 'redacted by a recorded act',
  missing: 'MISSING',
} as const

function count(words: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return [...counts].map(([word, times]) => `${times} ${word}`).join(', ') || 'none'
}

const instant = (epochMs: number): string => new Date(epochMs).toISOString()

/** Nothing is called proved while anything contradicts: what holds then holds by chance. */
function provedOf({ outcome, policyGiven, logs }: Verdict): string {
  if (outcome === 'tampered' || logs.length === 0 || logs.some(({ provedRoot }) => provedRoot === undefined))
    return ''
  return [
    policyGiven && outcome === 'ok' ? 'Proved' : 'Consistent, as far as it goes',
    '  The entries shown are all there are between their numbers: none missing, added, moved or changed.',
    '  Every field and file shown is the one recorded; every other is accounted for.',
    ...logs.map(({ periodEnd }) => PERIOD_ENDS[periodEnd]),
    ...logs.map(({ provedRoot, end }) => `  Signed root ${provedRoot} at ${end} entries.`),
  ].join('\n')
}

const PERIOD_ENDS = {
  'bounded-by-entry': '  The entries reach over both ends of the period: it is shown whole.',
  'end-of-log': '  The entries reach to the end of the log as it was signed.',
  'not-bounded': '  The entries do not reach over the end of the period.',
} as const

const notProvedOf = ({ logs }: Verdict): string =>
  logs.length === 0
    ? ''
    : [
        'Not proved by any pack',
        '  That what was recorded is true; the names behind pseudonyms; entries written after the signed end.',
        '  Keep checkpoint.end and give it to the next verification with --since: history before it is then fixed.',
      ].join('\n')

function listOf(title: string, findings: readonly Finding[]): string {
  if (findings.length === 0) return ''
  const lines = findings
    .slice(0, MAX_LISTED)
    .map(
      ({ code, detail, where }) =>
        `  ${where === undefined ? '' : `${visible(where)}: `}${visible(detail)} [${code}]`,
    )
  const more = findings.length - lines.length
  return [title, ...lines, ...(more > 0 ? [`  and ${more} more`] : [])].join('\n')
}

function conclusionOf({ outcome, policyGiven, faults, gaps }: Verdict): string {
  switch (outcome) {
    case 'ok':
      return 'OK. The pack is whole, unchanged, and signed by those your policy trusts.'
    case 'tampered':
      return `TAMPERED. ${faults.length === 1 ? 'One contradiction' : `${faults.length} contradictions`}: do not rely on this pack.`
    case 'incomplete':
      return !policyGiven && gaps.length === 1
        ? 'NOT ESTABLISHED. Self-consistent only, signer not trusted: say whose keys count with --policy.'
        : 'NOT ESTABLISHED. Nothing contradicts, but something above is lacking.'
  }
}
