/** Reads and keeps the response times of environments. */
import type {
  responseTimeRoutes,
  ResponseTimesReply,
} from '../../../../contract/operations/response-times.ts'
import type { InputOf, ReplyOf } from '../../../../contract/route.ts'
import { may } from '../../../../domain/people/permissions.ts'
import { environmentNamed } from '../../../people/environments/find-environment.ts'
import type { Ctx } from '../../../platform/context.ts'
import { NOTHING_CHANGED, read, record, type WriteTx } from '../../../platform/record.ts'
import { canonical } from '../../on-call/index.ts'
import { responseTimesChosen } from './events.ts'
import { listResponseMinutes, putResponseMinutes, responseMinutesOf, type Minutes } from './store.ts'

export type Written = ResponseTimesReply['minutes']
const PRIORITIES = [1, 2, 3, 4, 5] as const

export const asWritten = (minutes: Minutes): Written =>
  Object.fromEntries(
    PRIORITIES.flatMap((n) => (minutes[n] === undefined ? [] : [[`P${n}`, minutes[n]]])),
  ) as Written

const asStored = (written: Written): Minutes =>
  Object.fromEntries(
    PRIORITIES.flatMap((n) => {
      const given = written[`P${n}`]
      return given === undefined ? [] : [[String(n), given]]
    }),
  )

/** Within a transaction of somebody else. @returns false when it was so already */
export const chooseResponseTimes = async (
  tx: WriteTx,
  { environment, ...written }: Written & { readonly environment: string },
): Promise<boolean> => {
  const place = await environmentNamed(tx.db, environment)
  const minutes = asStored(written)
  if (canonical(await responseMinutesOf(tx.db, place.id)) === canonical(minutes)) return false
  const where = { environmentId: place.id, customerId: place.customer_id }
  await putResponseMinutes(tx.db, where, minutes, tx.now)
  tx.append(responseTimesChosen, {
    stream: place.id,
    ...where,
    refs: [['environment', place.id]],
    body: { minutes: { ...minutes } },
  })
  return true
}

export const putResponseTimes = async (
  ctx: Ctx,
  input: InputOf<typeof responseTimeRoutes.putResponseTimes>,
): Promise<ResponseTimesReply> => {
  await record<unknown>(ctx, async (tx) => ((await chooseResponseTimes(tx, input)) ? true : NOTHING_CHANGED))
  return read(ctx, async (db) => {
    const { id, slug, name } = await environmentNamed(db, input.environment)
    return { environment: { id, slug, name }, minutes: asWritten(await responseMinutesOf(db, id)) }
  })
}

export const listResponseTimes = (ctx: Ctx): Promise<ReplyOf<typeof responseTimeRoutes.listResponseTimes>> =>
  read(ctx, async (db) => ({
    rows: (await listResponseMinutes(db))
      .map(({ id, slug, name, minutes }) => ({
        environment: { id, slug, name },
        minutes: asWritten(minutes as Minutes),
      }))
      .filter(({ minutes }) => Object.keys(minutes).length > 0),
    can: { change: may(ctx.actor, 'on-call.change') },
  }))
