/** Several alerts of one alias are one: each that fires is a repeat of it, and it is over when the last of them is. */
import { createHash } from 'node:crypto'
import type { AlertFromSource } from '../../../../domain/operations/alerts/alert-from-alertmanager.ts'
import type { WriteTx } from '../../../platform/record.ts'
import { lockMembers, putMembers, type Member } from './merge-store.ts'

type Where = { readonly customerId: string; readonly environmentId: string }
type Seen = { readonly alert: AlertFromSource; readonly receivedAt: number; readonly digest: Buffer }

/** 128 bits, which no webhook can send. */
const fingerprintOf = (alias: string): string =>
  createHash('sha256').update(`merged ${alias}`).digest('hex').slice(0, 32)

/**
 * @param seen    in the order in which it was said
 * @param aliasOf what the policies say of an alert that fires; null: it is itself
 * @returns the same, in terms of the ones: the end of a member is left out while others fire
 */
export const mergeAlerts = async <S extends Seen>(
  tx: WriteTx,
  where: Where,
  seen: readonly S[],
  aliasOf: (alert: AlertFromSource) => string | null,
): Promise<S[]> => {
  const wanted = new Map<string, string>()
  for (const { alert } of seen) {
    if (alert.status !== 'firing' || wanted.has(alert.fingerprint)) continue
    const alias = aliasOf(alert)
    if (alias !== null) wanted.set(alert.fingerprint, fingerprintOf(alias))
  }
  const members = await lockMembers(tx.db, where.environmentId, {
    members: [...new Set(seen.map(({ alert }) => alert.fingerprint))],
    fingerprints: [...new Set(wanted.values())],
  })
  if (members.length === 0 && wanted.size === 0) return [...seen]
  const oneOf = new Map(members.map(({ member, fingerprint }) => [member, fingerprint]))
  const firing = new Map<string, Set<string>>()
  const groupOf = (fingerprint: string): Set<string> => {
    const group = firing.get(fingerprint) ?? new Set()
    firing.set(fingerprint, group)
    return group
  }
  for (const { member, fingerprint } of members) groupOf(fingerprint).add(member)
  const joined = new Map<string, Member>()
  const left = new Set<string>()
  const said = seen.flatMap((each): S[] => {
    const { alert } = each
    const member = alert.fingerprint
    const firesNow = alert.status === 'firing'
    // What it is one with stays so while it fires, whatever the policies say by now.
    const fingerprint = oneOf.get(member) ?? (firesNow ? wanted.get(member) : undefined)
    if (fingerprint === undefined) return [each]
    const group = groupOf(fingerprint)
    if (firesNow) {
      if (!oneOf.has(member)) joined.set(member, { member, fingerprint })
      oneOf.set(member, fingerprint)
      left.delete(member)
      group.add(member)
    } else {
      oneOf.delete(member)
      joined.delete(member)
      left.add(member)
      group.delete(member)
      if (group.size > 0) return []
    }
    return [{ ...each, alert: { ...alert, fingerprint } }]
  })
  await putMembers(tx.db, where, [...joined.values()], [...left], tx.now)
  return said
}
