/** Whose phone rings when somebody calls the team: those whom the environment's policy would page at this instant, in its order. */
import type { Candidate } from '../../../domain/operations/phone-lines/phone-call.ts'
import type { Tx } from '../../platform/database.ts'
import { policyFor, resolveTargets } from './recipients.ts'
import { provenWaysOf } from './ways-store.ts'

/** Only proven numbers, one a person: the one for calls before the one for texts. Whoever has none is not rung. */
export const whomToRing = async (db: Tx, environmentId: string, at: number): Promise<Candidate[]> => {
  const policy = await policyFor(db, environmentId)
  const targets = [...policy.steps.flatMap((step) => step.targets), ...policy.fallback]
  const people = await resolveTargets(db, targets, at)
  const ways = await provenWaysOf(db, people)
  return people.flatMap((accountId) => {
    const own = ways.filter((way) => way.account_id === accountId)
    const way = own.find(({ kind }) => kind === 'voice') ?? own.find(({ kind }) => kind === 'sms')
    return way ? [{ accountId, methodId: way.id }] : []
  })
}
