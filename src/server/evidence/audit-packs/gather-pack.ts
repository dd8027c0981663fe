/** Everything a pack is made of, from one snapshot of the database and the files it names. */
import {
  buildPack,
  verifyPack,
  parsePolicy,
  type PackParts,
  type Verdict,
} from '../../../domain/evidence/audit-packs/index.ts'
import { isUuid, utf8 } from '../../../domain/evidence/ledger/index.ts'
import { isRefusal } from '../../../domain/refusal.ts'
import { findInstallation, namesOf } from '../../people/index.ts'
import type { PackSource } from './pack-source.ts'
import type { Tx } from '../../platform/database.ts'
import { bodyOf } from '../../platform/event-body.ts'
import { pseudonymOf, sha256 } from '../../platform/evidence-outbox.ts'
import {
  ed25519Verify,
  findOrigins,
  keysText,
  originOfOrganisation,
  packKeyName,
  recordedRotations,
  type LedgerSigner,
} from '../ledger/index.ts'
import { gatherBlobs, hashesOf } from './gather-blobs.ts'
import { gatherLog, type GatheredLog } from './gather-log.ts'
import { gatherObservations, type ShownRows } from './gather-observations.ts'
import { findBlobs, findEnvironments, findKeyNames, findLogsOf, type BlobRow } from './gather-store.ts'
import { readmeOf, type ReadmeLog } from './readme.ts'
import { PackRefused } from './refuse-pack.ts'
import { csvOf, registerOf } from './register.ts'
import type { PackEnd, PackRow } from './store.ts'

type Environment = {
  readonly id: string
  readonly slug: string
  readonly name: string
  readonly customer_name: string
}

export type Snapshot = {
  readonly logs: readonly GatheredLog[]
  readonly rows: ReadonlyMap<string, ShownRows>
  readonly blobs: readonly BlobRow[]
  readonly environments: readonly Environment[]
  readonly organisation: string
  readonly organisationOrigin: string
  /** Whose old keys signed what lies before. */
  readonly rotations: Awaited<ReturnType<typeof recordedRotations>>
  /** Names by account id, and of keys by key id. */
  readonly people: ReadonlyMap<string, string>
  readonly requester: string
}

/** Ids of accounts stand in fields, too: who decided, who was paged. */
const idsIn = (value: unknown, found: Set<string>): void => {
  if (typeof value === 'string') {
    if (isUuid(value)) found.add(value)
  } else if (Array.isArray(value)) for (const one of value) idsIn(one, found)
  else if (typeof value === 'object' && value !== null)
    for (const one of Object.values(value)) idsIn(one, found)
}

/** Each id is a parameter of its own, of which a statement takes 65,535. */
const IDS_AT_ONCE = 5_000
const namesOfMany = async (db: Tx, ids: readonly string[]): Promise<[string, string][]> => {
  const names: [string, string][] = []
  for (let from = 0; from < ids.length; from += IDS_AT_ONCE)
    for (const [id, { name }] of await namesOf(db, ids.slice(from, from + IDS_AT_ONCE)))
      names.push([id, name])
  return names
}

const peopleOf = async (
  db: Tx,
  logs: readonly GatheredLog[],
  requester: string,
): Promise<Map<string, string>> => {
  const ids = new Set<string>([requester])
  for (const { entries } of logs)
    for (const entry of entries) {
      if (entry.actor_id !== null) ids.add(entry.actor_id)
      if (entry.read.type !== 'observations.sealed') idsIn(bodyOf(entry.disclosures), ids)
    }
  const people = await namesOfMany(db, [...ids])
  const keys = await findKeyNames(db, [...ids])
  return new Map([...people, ...keys])
}

/** One snapshot, so that a pack never shows half of what happened while it was gathered. */
export const takeSnapshot = (platform: PackSource, pack: PackRow): Promise<Snapshot> =>
  platform.database.db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (db) => {
      const found = await findLogsOf(db, pack.environment_ids)
      const period = { from: pack.from_at, to: pack.to_at }
      const logs: GatheredLog[] = []
      const rows = new Map<string, ShownRows>()
      for (const log of found) {
        const gathered = await gatherLog(db, log, period, pack.requested_at)
        logs.push(gathered)
        rows.set(log.id, await gatherObservations(db, gathered))
      }
      const people = await peopleOf(db, logs, pack.requested_by)
      return {
        logs,
        rows,
        blobs: await findBlobs(db, hashesOf(logs)),
        environments: await findEnvironments(db, pack.environment_ids),
        organisation: (await findInstallation(db))?.organisation ?? '',
        organisationOrigin: originOfOrganisation(await findOrigins(db)),
        rotations: await recordedRotations(db),
        people,
        requester: people.get(pack.requested_by) ?? pack.requested_by,
      }
    })

const KINDS: Readonly<Record<string, string>> = {
  system: 'Fortnight itself',
  host: 'whoever runs the server, on its machine',
  anonymous: 'somebody not signed in',
}

/** Who stands behind each pseudonym of these logs; the same person has another one in each. */
const actorsOf = ({ logs, people }: Snapshot): Map<string, string> => {
  const names = new Map<string, string>()
  for (const { log, entries } of logs)
    for (const { actor_id: id, actor_kind: kind } of entries) {
      if (kind === null) continue
      const name =
        id === null ? (KINDS[kind] ?? kind) : (people.get(id) ?? `${kind}, no longer in the directory`)
      names.set(pseudonymOf(log.pseudonym_key, id ?? kind), name)
    }
  return names
}

const readmeLogs = ({ logs, rows, environments }: Snapshot): ReadmeLog[] =>
  logs.map(({ log, range, size, entries }) => {
    const environment = environments.find(({ id }) => id === log.environment_id)
    return {
      place: environment?.slug ?? 'organisation',
      title: environment ? `${environment.name} (${environment.slug})` : 'The organisation',
      log: log.id,
      environmentId: log.environment_id,
      origin: log.origin,
      from: range.from,
      to: range.to,
      size,
      windows: entries.filter(({ read }) => read.type === 'observations.sealed').length,
      windowsWithoutRows: rows.get(log.id)?.leftOut ?? 0,
    }
  })

export type Asked = { readonly pack: PackRow; readonly purpose: string; readonly createdAt: number }

const partsOf = async (
  platform: PackSource,
  signer: LedgerSigner,
  { pack, purpose, createdAt }: Asked,
  snapshot: Snapshot,
): Promise<PackParts> => {
  const { logs, environments, organisation, requester, people } = snapshot
  const blobs = await gatherBlobs(platform, logs, snapshot.blobs)
  const names = actorsOf(snapshot)
  const actors = [...names]
    .map(([actor, name]) => ({ actor, name }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  const shown = readmeLogs(snapshot)
  const placeOf = ({ log }: GatheredLog): string => shown.find((one) => one.log === log.id)?.place ?? ''
  const register = registerOf(logs, placeOf, names)
  const customer = environments[0]?.customer_name ?? null
  const period = { from: pack.from_at, to: pack.to_at }
  const title = shown.map((log) => log.title).join(', ')
  return {
    id: pack.id,
    createdAt,
    requester,
    purpose,
    period,
    scope: {
      organisation,
      ...(customer === null
        ? {}
        : { customer, environments: environments.map(({ slug }) => slug).join(', ') }),
    },
    readme: readmeOf({
      id: pack.id,
      organisation,
      title,
      customer,
      requester,
      purpose,
      createdAt,
      period,
      logs: shown,
      register,
      people,
      actors,
    }),
    keys: keysText(
      signer,
      snapshot.organisationOrigin,
      logs.map(({ log }) => log.origin),
      snapshot.rotations,
    ),
    actors,
    logs: logs.map((log) => ({
      ...log.parts,
      blobs: blobs.get(log.log.id) ?? [],
      observations: snapshot.rows.get(log.log.id)?.byEntry ?? new Map(),
    })),
    extra: new Map([['register.csv', utf8(csvOf(register))]]),
  }
}

/** Findings that say no more than what every pack without a customer's policy has. */
const checkVerdict = ({ outcome, faults, gaps }: Verdict): void => {
  if (outcome === 'ok') return
  const findings = [...faults, ...gaps].map(({ code, detail, where }) =>
    where === undefined ? `${detail} [${code}]` : `${where}: ${detail} [${code}]`,
  )
  throw new PackRefused(
    'evidence-contradicts',
    `What is stored is not what was recorded: ${findings[0]}. No pack is handed out. This is an alarm: compare with a backup and find out who had access.`,
    findings.slice(0, 100),
  )
}

export type BuiltPack = {
  readonly files: Map<string, Uint8Array>
  readonly entries: number
  readonly ends: readonly PackEnd[]
}

/** @throws PackRefused when what it would show does not verify: such a pack is never handed out */
export const makePack = async (
  platform: PackSource,
  signer: LedgerSigner,
  asked: Asked,
  snapshot: Snapshot,
): Promise<BuiltPack> => {
  const parts = await partsOf(platform, signer, asked, snapshot)
  const packName = packKeyName(snapshot.organisationOrigin)
  const files = buildPack(parts, sha256, (text) => [signer.signatureOf(packName, text)])
  const policy = parsePolicy(parts.keys, sha256)
  if (isRefusal(policy)) throw new Error(policy.detail)
  checkVerdict(verifyPack(files, policy, { sha256, ed25519Verify }))
  return {
    files,
    entries: snapshot.logs.reduce((sum, { entries }) => sum + entries.length, 0),
    ends: snapshot.logs.map(({ log, size }) => ({ log: log.id, size })),
  }
}
