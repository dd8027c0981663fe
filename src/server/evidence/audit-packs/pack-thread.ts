/**
 * Makes a pack in a thread of its own: gathering, hashing and verifying 50,000 entries keeps a processor busy for seconds,
 * and whoever runs the task has to renew its lease and show that it lives meanwhile.
 */
import { createHash, type KeyObject } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { BLOB_KEYS } from '../../platform/blobs.ts'
import type { Platform } from '../../platform/context.ts'
import { openDatabase } from '../../platform/database.ts'
import { openLog } from '../../platform/log.ts'
import { observationKinds } from '../../platform/observations.ts'
import { openerFor } from '../../platform/secrets.ts'
import { ledgerSigner } from '../ledger/index.ts'
import { makePack, takeSnapshot } from './gather-pack.ts'
import type { PackSource } from './pack-source.ts'
import { NotCaughtUp, PackRefused, type PackFailure } from './refuse-pack.ts'
import type { PackEnd, PackRow } from './store.ts'
import { zipPack } from './zip-pack.ts'

export type MadePack = {
  readonly zip: Uint8Array
  readonly sha256: Uint8Array
  readonly entries: number
  readonly ends: readonly PackEnd[]
}

/** What the thread is started with: keys for this work only, and no root key. */
export type PackOrder = {
  readonly connectionString: string
  readonly dataFolder: string
  readonly logLevel: string
  readonly blobKey: Uint8Array
  readonly ledgerKey: KeyObject
  readonly pack: PackRow
  readonly purpose: string
  readonly createdAt: number
  /** Known where the thread was started: it has to know them, too, or sealed rows would seem to be missing. */
  readonly observationKinds: readonly string[]
}

export type FromThread =
  | { readonly kind: 'step'; readonly words: string }
  | ({ readonly kind: 'made' } & MadePack)
  | {
      readonly kind: 'refused'
      readonly code: PackFailure
      readonly detail: string
      readonly findings: readonly string[]
    }
  | { readonly kind: 'waits'; readonly waiting: number }
  | { readonly kind: 'no-pack'; readonly detail: string }
  | { readonly kind: 'failed'; readonly detail: string }

/** The thread's side: never rejects. */
export const makeInThread = async (order: PackOrder, say: (message: FromThread) => void): Promise<void> => {
  const log = openLog(order.logLevel, 'pack')
  const database = openDatabase(order.connectionString, 1, log)
  try {
    say({ kind: 'made', ...(await make(order, { ...database, log }, say)) })
  } catch (error) {
    say(failureOf(error))
  } finally {
    await database.close()
  }
}

const make = async (
  { dataFolder, blobKey, ledgerKey, pack, purpose, createdAt, ...order }: PackOrder,
  { db, log }: { db: PackSource['database']['db']; log: PackSource['log'] },
  say: (message: FromThread) => void,
): Promise<MadePack> => {
  const source: PackSource = {
    config: { FORTNIGHT_DATA: dataFolder },
    database: { db },
    log,
    secrets: { open: openerFor(BLOB_KEYS, blobKey), ledgerKey },
  }
  for (const kind of order.observationKinds)
    if (!observationKinds().has(kind)) throw new Error(`the thread that makes packs does not know ${kind}`)
  const signer = ledgerSigner(source)
  if (!signer) throw new Error('a thread that makes packs is given the ledger key')
  say({ kind: 'step', words: 'Gathering entries, recordings and received alerts' })
  const snapshot = await takeSnapshot(source, pack)
  const count = snapshot.logs.reduce((sum, { entries }) => sum + entries.length, 0)
  say({ kind: 'step', words: `Building and verifying ${count} entries` })
  const { files, entries, ends } = await makePack(source, signer, { pack, purpose, createdAt }, snapshot)
  say({ kind: 'step', words: 'Packing' })
  const zip = await zipPack(files)
  return { zip, sha256: createHash('sha256').update(zip).digest(), entries, ends }
}

/** Errors lose their class on the way between threads. */
const failureOf = (error: unknown): FromThread => {
  if (error instanceof PackRefused)
    return { kind: 'refused', code: error.code, detail: error.message, findings: error.findings }
  if (error instanceof NotCaughtUp) return { kind: 'waits', waiting: error.waiting }
  const detail = error instanceof Error ? error.message : String(error)
  return { kind: error instanceof TypeError ? 'no-pack' : 'failed', detail }
}

/** Beside the programs: `.ts` among the sources, `.mjs` in the bundle, where this file is a part in a folder of its own. */
const program = (): string => {
  if (import.meta.filename.endsWith('.ts')) return join(import.meta.dirname, '../../pack-thread.ts')
  const [beside, above] = ['.', '..'].map((way) => join(import.meta.dirname, way, 'pack-thread.mjs'))
  return existsSync(beside ?? '') ? (beside ?? '') : (above ?? '')
}

type Asked = { readonly pack: PackRow; readonly purpose: string }

/**
 * @param step is told what is being done
 * @throws PackRefused, NotCaughtUp, TypeError as makePack does
 */
export const makePackInThread = async (
  platform: Platform,
  { pack, purpose }: Asked,
  step: (words: string) => Promise<void>,
): Promise<MadePack> => {
  const { config, secrets, database, clock } = platform
  if (!secrets.ledgerKey) throw new Error('packs are made where the ledger key is')
  const order: PackOrder = {
    connectionString: database.pool.options.connectionString ?? '',
    dataFolder: config.FORTNIGHT_DATA,
    logLevel: platform.log.level,
    blobKey: secrets.derive(BLOB_KEYS),
    ledgerKey: secrets.ledgerKey,
    pack,
    purpose,
    createdAt: clock.now(),
    observationKinds: [...observationKinds().keys()],
  }
  const thread = new Worker(program(), { workerData: order, name: 'pack' })
  const steps: Promise<void>[] = []
  try {
    const answer = await new Promise<FromThread>((resolve, reject) => {
      thread.on('message', (message: FromThread) => {
        if (message.kind === 'step') steps.push(step(message.words).catch(() => undefined))
        else resolve(message)
      })
      thread.once('error', reject)
      thread.once('exit', (code) => reject(new Error(`the thread that makes packs ended with ${code}`)))
    })
    return madeOr(answer)
  } finally {
    await Promise.all(steps)
    await thread.terminate()
  }
}

const madeOr = (answer: FromThread): MadePack => {
  switch (answer.kind) {
    case 'made':
      return answer
    case 'refused':
      throw new PackRefused(answer.code, answer.detail, answer.findings)
    case 'waits':
      throw new NotCaughtUp(answer.waiting)
    case 'no-pack':
      throw new TypeError(answer.detail)
    case 'step':
    case 'failed':
      throw new Error(answer.kind === 'failed' ? answer.detail : answer.words)
  }
}
