/** Who stands behind an act on an alert: the person who asks, or a program that passes on what somebody said. */
import { isUuid } from '../../platform/ids.ts'
import type { Ctx } from '../../platform/context.ts'
import { Fault, notFound } from '../../platform/faults.ts'
import type { Ref } from '../../platform/events.ts'
import type { WriteTx } from '../../platform/record.ts'
import { lockAlert, type AlertRow } from './store.ts'

/**
 * `by`: the account, where one is known. `environmentId`: the only one whose alerts exist for the program that asks.
 * `named`: what the record says beside the actor, who is the program's key.
 */
export type Acting = {
  readonly by: string | undefined
  readonly environmentId: string | undefined
  readonly named: { readonly by?: string }
}

/** @param by the account that an integration key speaks for; a person speaks for nobody but themselves */
export const actingIn = ({ actor }: Ctx, by?: string): Acting => {
  switch (actor.kind) {
    case 'person':
      return { by: actor.accountId, environmentId: undefined, named: {} }
    case 'integration':
      return { by, environmentId: actor.environmentId, named: by === undefined ? {} : { by } }
    case 'system':
      return { by: undefined, environmentId: undefined, named: {} }
    case 'contact':
    case 'host':
    case 'anonymous':
      throw new Fault('not-allowed', 'Alerts are worked by the people who operate. Sign in first.')
  }
}

export const needSomebody = ({ by }: Acting): string => {
  if (by === undefined)
    throw new Fault('not-allowed', 'This is done by a person: say whose hand it is, by account.')
  return by
}

/** Locked; of another environment than a program's own there is none. */
export const lockAlertFor = async (tx: WriteTx, alertId: string, acting: Acting): Promise<AlertRow> => {
  const alert = isUuid(alertId) ? await lockAlert(tx.db, alertId) : undefined
  if (!alert || (acting.environmentId !== undefined && alert.environment_id !== acting.environmentId))
    throw notFound('This alert')
  return alert
}

/** Where an event about this alert belongs, and whom it names. */
export const placeOf = (alert: AlertRow, named: Acting['named'] = {}, about: readonly Ref[] = []) => ({
  stream: alert.id,
  customerId: alert.customer_id,
  environmentId: alert.environment_id,
  refs: [
    ['alert', alert.id],
    ...(named.by === undefined ? [] : [['account', named.by] as const]),
    ...about,
  ] satisfies Ref[],
})
