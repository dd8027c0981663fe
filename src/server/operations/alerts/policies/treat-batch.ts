/** The policies at intake: asked once for an alert that opens, with what they need looked up once a batch. */
import type { AlertFromSource } from '../../../../domain/operations/alerts/alert-from-alertmanager.ts'
import {
  treatAlert,
  type CompiledPolicies,
  type PolicyFault,
  type Treated,
} from '../../../../domain/operations/alerts/policies/treat-alert.ts'
import { isServed } from '../../../../domain/operations/paging/service-hours.ts'
import type { WriteTx } from '../../../platform/record.ts'
import { hoursOf, noteFaults } from './policy-store.ts'

type Where = { readonly customerId: string; readonly environmentId: string }

export type BatchTreatment = {
  readonly treat: (alert: AlertFromSource) => Treated
  /** Writes down what could not be done. */
  readonly finish: () => Promise<void>
}

const servedNow = async (tx: WriteTx, { environmentId }: Where): Promise<boolean> =>
  isServed((await hoursOf(tx.db, [environmentId])).get(environmentId) ?? null, tx.now)

export const openTreatment = async (
  tx: WriteTx,
  where: Where,
  compiled: CompiledPolicies,
): Promise<BatchTreatment> => {
  const served = compiled.asks.hours ? await servedNow(tx, where) : true
  const faults = new Map<string, PolicyFault & { count: number }>()
  return {
    treat: (alert) => {
      const treated = treatAlert(compiled, alert, where, { served, at: tx.now })
      for (const fault of treated.faults)
        faults.set(fault.policyId, { ...fault, count: (faults.get(fault.policyId)?.count ?? 0) + 1 })
      return treated
    },
    finish: async () => {
      if (faults.size > 0) await noteFaults(tx.db, faults, tx.now)
    },
  }
}
