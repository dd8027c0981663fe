/** A call comes in, rings from one to the next, and ends taken or missed. Each report is a transaction; none is believed twice. */
import {
  longestCallMs,
  ringing,
  type CallCommand,
} from '../../../domain/operations/phone-lines/phone-call.ts'
import { storable } from '../../../domain/operations/alerts/storable-text.ts'
import { whomToRing } from '../paging/index.ts'
import { systemCtx, type Platform } from '../../platform/context.ts'
import { NOTHING_CHANGED, record } from '../../platform/record.ts'
import { phoneCallMessageLeft, phoneCallReceived } from './events.ts'
import { moveCall, whereOf } from './move-call.ts'
import {
  callBy,
  findLine,
  insertCall,
  lineOfNumber,
  lockCall,
  putMessage,
  type PhoneCallRow,
  type PhoneLineRow,
} from './store.ts'
import { phoneCallOver } from './tasks.ts'

export type CallOnLine = { readonly call: PhoneCallRow; readonly line: PhoneLineRow }

const LONGEST_CALLER = 40
/** "anonymous", "+266696687", "restricted": what networks say of a hidden number. */
const shownNumber = (from: string): string =>
  /^\+?[0-9]{3,20}$/.test(from) && from !== '+266696687' ? storable(from, LONGEST_CALLER) : ''

/** @returns undefined for a number that is no line of ours */
export const receiveCall = async (
  platform: Platform,
  { gatewayId, from, to }: { readonly gatewayId: string; readonly from: string; readonly to: string },
): Promise<CallOnLine | undefined> => {
  const ctx = systemCtx(platform, 'phone-line')
  await record<unknown>(ctx, async (tx) => {
    const line = await lineOfNumber(tx.db, to)
    if (!line || (await callBy(tx.db, { gatewayId }))) return NOTHING_CHANGED
    const state = ringing(await whomToRing(tx.db, line.environment_id, tx.now))
    const base = { id: tx.id(), customer_id: line.customer_id, environment_id: line.environment_id }
    const caller = shownNumber(from)
    const rings = state.candidates.map(({ accountId }) => accountId)
    const event_id = tx.append(phoneCallReceived, {
      ...whereOf(base, rings),
      body: { line: line.id, from: caller, rings },
    })
    const row: PhoneCallRow = {
      ...base,
      line_id: line.id,
      gateway_id: gatewayId,
      event_id,
      state,
      status: 'ringing',
      received_at: tx.now,
      ended_at: null,
      message_event_id: null,
    }
    // Told twice at once: the other one stored it, and this transaction must leave nothing behind.
    if (!(await insertCall(tx.db, row))) throw new Error('this call was stored by another process')
    tx.later(phoneCallOver, {
      key: row.id,
      dueAt: tx.now + longestCallMs(state, line.ring_seconds),
      payload: { callId: row.id },
    })
    return true
  }).catch(async (error: unknown) => {
    if (!(await callBy(platform.database.db, { gatewayId }))) throw error
  })
  return callNamed(platform, { gatewayId })
}

export const callNamed = async (
  platform: Platform,
  by: { readonly id: string } | { readonly gatewayId: string },
): Promise<CallOnLine | undefined> => {
  const { db } = platform.database
  const call = await callBy(db, by)
  const line = call && (await findLine(db, call.line_id))
  return call && line && { call, line }
}

/** What follows from a report, in a transaction of its own. Returns how the call stands then. */
export const reportOnCall = async (
  platform: Platform,
  callId: string,
  command: CallCommand,
): Promise<CallOnLine | undefined> => {
  await record<unknown>(systemCtx(platform, 'phone-line'), (tx) => moveCall(tx, callId, command))
  return callNamed(platform, { id: callId })
}

const LONGEST_ADDRESS = 2_000

/** What the caller left to be heard stays where the gateway keeps it; only its address is kept. */
export const leaveMessage = async (platform: Platform, callId: string, url: string): Promise<void> => {
  if (!url.startsWith('https://') || url.length > LONGEST_ADDRESS || !URL.canParse(url)) return
  await record<unknown>(systemCtx(platform, 'phone-line'), async (tx) => {
    const row = await lockCall(tx.db, callId)
    if (!row || row.message_event_id !== null) return NOTHING_CHANGED
    const eventId = tx.append(phoneCallMessageLeft, { ...whereOf(row), body: { url } })
    return putMessage(tx.db, callId, eventId)
  })
}
