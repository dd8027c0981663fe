/** SQL of the replies that carriers brought. */
import type { Tx } from '../../../platform/database.ts'

declare module '../../../platform/database.ts' {
  interface Tables {
    carrier_replies: { digest: Buffer; received_at: number }
  }
}

/** @returns false when it is known already */
export const noteReply = async (db: Tx, digest: Buffer, at: number): Promise<boolean> => {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('carrier_replies')
    .values({ digest, received_at: at })
    .onConflict((conflict) => conflict.column('digest').doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

export const forgetReply = async (db: Tx, digest: Buffer): Promise<void> => {
  await db.deleteFrom('carrier_replies').where('digest', '=', digest).execute()
}
