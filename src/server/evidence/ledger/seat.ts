/** The place of the one sequencer: a session-level advisory lock on a connection of its own, and a fence number beside it. */
import pg from 'pg'
import { systemCtx, type Platform } from '../../platform/context.ts'
import { record } from '../../platform/record.ts'
import { takeSeat } from './sequencing-store.ts'
import { tryLock, type LockConnection } from './seat-store.ts'

export type Seat = {
  readonly fence: number
  /** True once the connection that holds the lock is gone: somebody else may sit here by now. */
  readonly isLost: () => boolean
  readonly leave: () => Promise<void>
}

const CONNECT_PATIENCE_MS = 5_000

const openLockConnection = async (connectionString: string): Promise<LockConnection> => {
  const client = new pg.Client({
    connectionString,
    application_name: 'fortnight sequencer',
    connectionTimeoutMillis: CONNECT_PATIENCE_MS,
    keepAlive: true,
  })
  const connection = { client, lost: false }
  client.on('error', () => {
    connection.lost = true
  })
  client.on('end', () => {
    connection.lost = true
  })
  await client.connect()
  return connection
}

/**
 * Undefined while another process sits here. The lock tells who may try; what keeps a late writer out is the fence, for
 * a lock is lost without notice when the connection behind it is (a pooler that swaps connections, a paused machine).
 */
export const stand = async (platform: Platform, connectionString: string): Promise<Seat | undefined> => {
  const connection = await openLockConnection(connectionString)
  const leave = async (): Promise<void> => {
    connection.lost = true
    await connection.client.end().catch(() => undefined)
  }
  try {
    if (!(await tryLock(connection))) {
      await leave()
      return undefined
    }
    const fence = await record(systemCtx(platform, 'sequencer'), (tx) => {
      tx.observed()
      return takeSeat(tx.db, platform.processId, tx.now)
    })
    return { fence, isLost: () => connection.lost, leave }
  } catch (error) {
    await leave()
    throw error
  }
}
