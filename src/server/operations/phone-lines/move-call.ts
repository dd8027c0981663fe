/** What follows from a report about a call: its state, the event, and no task for what is over. */
import {
  applyCall,
  decideCall,
  type CallCommand,
  type CallEvent,
} from '../../../domain/operations/phone-lines/phone-call.ts'
import { isRefusal } from '../../../domain/refusal.ts'
import { NOTHING_CHANGED, type WriteTx } from '../../platform/record.ts'
import { phoneCallMissed, phoneCallPassedOn, phoneCallTaken } from './events.ts'
import { callerOf, findLine, lockCall, putState, type PhoneCallRow } from './store.ts'

/** The task that gives a call up; it calls what is below. */
export const PHONE_CALL_OVER = 'phone-call.over'

export const whereOf = (
  row: Pick<PhoneCallRow, 'id' | 'customer_id' | 'environment_id'>,
  accounts: readonly string[] = [],
) => ({
  stream: row.id,
  customerId: row.customer_id,
  environmentId: row.environment_id,
  refs: accounts.map((account) => ['account', account] as const),
})

const announce = async (tx: WriteTx, row: PhoneCallRow, event: CallEvent): Promise<void> => {
  const waitedMs = tx.now - row.received_at
  switch (event.kind) {
    case 'passed-on': {
      const account = row.state.candidates[event.position]?.accountId ?? ''
      tx.append(phoneCallPassedOn, { ...whereOf(row, [account]), body: { account } })
      return
    }
    case 'taken':
      tx.append(phoneCallTaken, {
        ...whereOf(row, [event.accountId]),
        body: { account: event.accountId, waitedMs },
      })
      return
    case 'missed': {
      const line = await findLine(tx.db, row.line_id)
      const from = await callerOf(tx.db, row.event_id)
      tx.append(phoneCallMissed, {
        ...whereOf(row),
        body: { line: line?.name ?? '', priority: line?.priority ?? 1, from, waitedMs },
      })
    }
  }
}

export const moveCall = async (tx: WriteTx, callId: string, command: CallCommand): Promise<unknown> => {
  const row = await lockCall(tx.db, callId)
  const decided = row ? decideCall(row.state, command) : []
  if (!row || isRefusal(decided) || decided.length === 0) return NOTHING_CHANGED
  const state = decided.reduce(applyCall, row.state)
  for (const event of decided) await announce(tx, row, event)
  await putState(tx.db, row.id, state, state.status === 'ringing' ? null : tx.now)
  if (state.status !== 'ringing') tx.cancelTask({ kind: PHONE_CALL_OVER }, row.id)
  return true
}
