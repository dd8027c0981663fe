/** What stands for chunks of recordings that were redacted, and the entries that declare it. */
import type { Tx } from '../../platform/database.ts'
import { findCutsUnderWay, findReplacements, type ReplacementRow } from './gather-store.ts'
import type { GatheredEntry } from './gathered-entry.ts'
import { NotCaughtUp } from './refuse-pack.ts'

export type Fate =
  | { readonly state: 'present' }
  | { readonly state: 'withheld' }
  | { readonly state: 'redacted'; readonly by: number; readonly with: string }

export type Redactions = {
  /** Of a blob of a recording, chunk or replacement, by what is stored now. */
  readonly fateOf: (session: string, kind: string, h: string) => Fate
  /** Numbers of the entries that declare what was put in the place of chunks of these recordings. */
  readonly declaredBy: readonly number[]
  /** Hashes of what stands for chunks of the range. */
  readonly replacements: readonly string[]
}

export const sessionOf = ({ read }: Pick<GatheredEntry, 'read'>): string | undefined =>
  read.refs.find(([kind]) => kind === 'session')?.[1]

const isOfCast = (kind: string): boolean => kind === 'cast.chunk' || kind === 'cast.redacted'

type Row = ReplacementRow & { readonly by: number }

/** @throws NotCaughtUp while a redaction is under way, or its declaration is not under the signed head */
const signed = (rows: readonly ReplacementRow[], size: number): Row[] => {
  const waiting = rows.filter(({ by }) => by === null || by >= size).length
  if (waiting > 0) throw new NotCaughtUp(waiting)
  return rows as Row[]
}

export const gatherRedactions = async (
  db: Tx,
  logId: string,
  size: number,
  entries: readonly GatheredEntry[],
): Promise<Redactions> => {
  const chunks = new Set<string>()
  const sessions = new Set<string>()
  for (const entry of entries)
    for (const { kind, h } of entry.read.blobs ?? []) {
      const session = isOfCast(kind) ? sessionOf(entry) : undefined
      if (session === undefined) continue
      sessions.add(session)
      if (kind === 'cast.chunk') chunks.add(`${session} ${h}`)
    }
  const underWay = await findCutsUnderWay(db, [...sessions])
  if (underWay > 0) throw new NotCaughtUp(underWay)
  // Ordered by version: the last one is what is stored.
  const rows = signed(await findReplacements(db, logId, [...sessions]), size)
  const newest = new Map<string, Row>()
  const next = new Map<string, Row>()
  for (const row of rows) {
    const before = newest.get(`${row.session} ${row.n}`)
    if (before) next.set(`${row.session} ${before.with}`, row)
    newest.set(`${row.session} ${row.n}`, row)
  }
  const standing = new Map([...newest.values()].map((row) => [`${row.session} ${row.h}`, row]))
  const shown = [...standing].filter(([key]) => chunks.has(key)).map(([, row]) => row)
  const placed = new Set(shown.map((row) => `${row.session} ${row.with}`))
  return {
    fateOf: (session, kind, h) => {
      const key = `${session} ${h}`
      if (kind === 'cast.redacted' && placed.has(key)) return { state: 'present' }
      const row = kind === 'cast.redacted' ? next.get(key) : standing.get(key)
      if (row) return { state: 'redacted', by: row.by, with: row.with }
      // The chunk that it stands for is outside of the period.
      return kind === 'cast.redacted' ? { state: 'withheld' } : { state: 'present' }
    },
    declaredBy: [...shown, ...next.values()].map(({ by }) => by),
    replacements: [...new Set(shown.map((row) => row.with))],
  }
}
