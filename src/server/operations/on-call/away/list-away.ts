/** Who is away, and who answers for whom, in a window. */
import type { AbsenceReply, ForwardingReply } from '../../../../contract/operations/away.ts'
import type { Ctx } from '../../../platform/context.ts'
import type { Db } from '../../../platform/database.ts'
import { read } from '../../../platform/record.ts'
import { findColleagues } from '../store.ts'
import { presentAbsence, presentForwarding } from './present.ts'
import { findAway } from './store.ts'

type Asked = { readonly from?: number | undefined; readonly to?: number | undefined }

const rowsIn = async (db: Db, table: 'absences' | 'duty_forwardings', { from, to }: Asked, now: number) => {
  const rows = await findAway(db, table, { since: from ?? now, before: to })
  const colleagues = await findColleagues(
    db,
    rows.flatMap(({ accountId, toAccountId }) => [accountId, toAccountId]),
  )
  return { rows, colleagues }
}

export const listAbsences = (ctx: Ctx, asked: Asked): Promise<{ rows: AbsenceReply[] }> =>
  read(ctx, async (db) => {
    const now = ctx.platform.clock.now()
    const { rows, colleagues } = await rowsIn(db, 'absences', asked, now)
    return { rows: rows.map((row) => presentAbsence(row, colleagues, ctx, now)) }
  })

export const listForwardings = (ctx: Ctx, asked: Asked): Promise<{ rows: ForwardingReply[] }> =>
  read(ctx, async (db) => {
    const now = ctx.platform.clock.now()
    const { rows, colleagues } = await rowsIn(db, 'duty_forwardings', asked, now)
    return { rows: rows.map((row) => presentForwarding(row, colleagues, ctx, now)) }
  })
