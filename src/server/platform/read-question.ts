/** Reads whose cost is decided by words that somebody wrote: short, and few at once, so that no question holds up what pages. */
import { sql } from 'kysely'
import type { Ctx } from './context.ts'
import type { Db } from './database.ts'
import { Fault } from './faults.ts'
import { read } from './record.ts'

/** An ordinary question takes milliseconds. People are waited for longer: they may ask amid a storm, when all is slow. */
const LONGEST_OF_PROGRAM_MS = 3_000
const LONGEST_OF_PERSON_MS = 10_000
/** Of one asker: each holds a connection, and intake needs some, too. */
const MOST_AT_ONCE = 2
/** Those hold none. */
const MOST_WAITING = 20

type Asker = { running: number; readonly waiting: (() => void)[] }
const askers = new Map<string, Asker>()

const nameOf = ({ actor }: Ctx): string => {
  switch (actor.kind) {
    case 'integration':
      return actor.keyId
    case 'person':
    case 'contact':
      return actor.accountId
    default:
      return actor.kind
  }
}

const inTurn = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
  const asker = askers.get(name) ?? { running: 0, waiting: [] }
  askers.set(name, asker)
  if (asker.running < MOST_AT_ONCE) asker.running += 1
  else {
    if (asker.waiting.length >= MOST_WAITING)
      throw new Fault('too-many-tries', 'Your other questions are not answered yet. Wait for them.', {
        retryAfterSeconds: 2,
      })
    // Whoever ends hands its turn over: `running` stays as it is.
    await new Promise<void>((go) => asker.waiting.push(go))
  }
  try {
    return await work()
  } finally {
    const next = asker.waiting.shift()
    if (next) next()
    else {
      asker.running -= 1
      if (asker.running === 0) askers.delete(name)
    }
  }
}

const bounded = async <T>(db: Db, ms: number, work: (db: Db) => Promise<T>): Promise<T> => {
  await sql`select set_config('statement_timeout', ${String(ms)}, true)`.execute(db)
  return work(db)
}

/** 57014: query_canceled. */
const tookTooLong = (error: unknown): boolean => (error as { code?: string } | null)?.code === '57014'

/** @throws Fault invalid-input when it takes too long; too-many-tries when its asker does not wait for answers */
export const readQuestion = <T>(
  ctx: Ctx,
  work: (db: Db) => Promise<T>,
  { longestMs = ctx.actor.kind === 'integration' ? LONGEST_OF_PROGRAM_MS : LONGEST_OF_PERSON_MS } = {},
): Promise<T> =>
  inTurn(nameOf(ctx), async () => {
    try {
      return await read(ctx, (db) =>
        db.isTransaction
          ? bounded(db, longestMs, work)
          : db
              .transaction()
              .setAccessMode('read only')
              .execute((tx) => bounded(tx, longestMs, work)),
      )
    } catch (error) {
      if (!tookTooLong(error)) throw error
      throw new Fault(
        'invalid-input',
        'This question takes too long here. Ask for one environment, a status or a priority as well, or for fewer words.',
        { cause: error },
      )
    }
  })
