/** The policies as this process compiled them: once a change, and for each environment when its first alert comes. */
import {
  compilePolicies,
  type CompiledPolicies,
} from '../../../../domain/operations/alerts/policies/treat-alert.ts'
import type { Platform } from '../../../platform/context.ts'
import { currentPolicies } from './policy-store.ts'

type Where = { readonly customerId: string; readonly environmentId: string }

export type PoliciesInForce = {
  readonly version: number
  readonly everMerged: boolean
  readonly everCounted: boolean
  readonly forEnvironment: (where: Where) => CompiledPolicies
}

/** Thrown in a transaction that found other policies than those it was asked with: it is begun anew with them. */
export class PoliciesChanged extends Error {}

const known = new WeakMap<Platform, PoliciesInForce>()

const load = async (platform: Platform): Promise<PoliciesInForce> => {
  const stored = await currentPolicies(platform.database.db)
  const compiled = new Map<string, CompiledPolicies>()
  const inForce = {
    version: stored.version,
    everMerged: stored.everMerged,
    everCounted: stored.everCounted,
    forEnvironment: ({ customerId, environmentId }: Where): CompiledPolicies => {
      let found = compiled.get(environmentId)
      if (!found) {
        found = compilePolicies(stored.policies, { customerId, environmentId })
        compiled.set(environmentId, found)
      }
      return found
    },
  }
  known.set(platform, inForce)
  return inForce
}

/** Those that were read last; whoever stores alerts by them checks the version in the same transaction. */
export const policiesInForce = (platform: Platform): PoliciesInForce | Promise<PoliciesInForce> =>
  known.get(platform) ?? load(platform)

export const forgetPolicies = (platform: Platform): void => {
  known.delete(platform)
}
