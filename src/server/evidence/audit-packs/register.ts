/** The register of a pack as people read it: what happened, when, by whom, in words; the same entries that are proved. */
import { canonicalJson } from '../../../domain/evidence/ledger/index.ts'
import { bodyOf } from '../../platform/event-body.ts'
import { csvText } from '../../platform/http/csv.ts'
import { headlineOf } from '../ledger/index.ts'
import type { GatheredLog } from './gather-log.ts'
import type { GatheredEntry } from './gathered-entry.ts'

export type RegisterEntry = {
  readonly log: string
  /** Slug of the environment; 'organisation' for that log. */
  readonly place: string
  readonly number: number
  readonly id: string
  readonly at: string
  readonly type: string
  /** What the entries of one decision, session, incident or page share. */
  readonly stream: string
  readonly actor: string
  readonly actorName: string
  readonly via: string
  readonly headline: string
  readonly body: Readonly<Record<string, unknown>>
  readonly erased: readonly string[]
  readonly refs: readonly (readonly [string, string])[]
  readonly files: readonly { readonly kind: string; readonly h: string }[]
}

const entryOf = (
  gathered: GatheredLog,
  place: string,
  names: ReadonlyMap<string, string>,
  entry: GatheredEntry,
): RegisterEntry => {
  const body = bodyOf(entry.disclosures)
  const { read } = entry
  return {
    log: gathered.log.id,
    place,
    number: entry.seq,
    id: entry.id,
    at: read.at,
    type: read.type,
    stream: entry.stream_id ?? entry.id,
    actor: read.actor,
    actorName: names.get(read.actor) ?? read.actor,
    via: read.via,
    headline: headlineOf(body) ?? '',
    body,
    erased: entry.erased,
    refs: read.refs,
    files: (read.blobs ?? []).map(({ kind, h }) => ({ kind, h })),
  }
}

/** @param names by pseudonym, of all logs */
export const registerOf = (
  logs: readonly GatheredLog[],
  placeOf: (log: GatheredLog) => string,
  names: ReadonlyMap<string, string>,
): RegisterEntry[] =>
  logs.flatMap((gathered) =>
    gathered.entries.map((entry) => entryOf(gathered, placeOf(gathered), names, entry)),
  )

const COLUMNS = [
  'environment',
  'log',
  'number',
  'at',
  'type',
  'who',
  'pseudonym',
  'via',
  'what',
  'fields',
  'erased',
  'references',
  'files',
  'entry',
] as const

/** RFC 4180, with a line for each entry; `fields` is canonical JSON of everything readable. */
export const csvOf = (register: readonly RegisterEntry[]): string => {
  const rows = register.map((entry) => [
    entry.place,
    entry.log,
    entry.number,
    entry.at,
    entry.type,
    entry.actorName,
    entry.actor,
    entry.via,
    entry.headline,
    canonicalJson(entry.body),
    entry.erased.join(' '),
    entry.refs.map(([kind, id]) => `${kind}:${id}`).join(' '),
    entry.files.map(({ kind, h }) => `${kind}:${h}`).join(' '),
    entry.id,
  ])
  return csvText(COLUMNS, rows)
}
