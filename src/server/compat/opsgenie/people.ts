/** Who is meant by the names that OpsGenie's clients use for people. */
import { may, type Permission } from '../../../domain/people/permissions.ts'
import { actorOfAccount } from '../../people/accounts/authenticate.ts'
import { findAccount, findStaffNamed, type AccountRow } from '../../people/accounts/store.ts'
import { isUuid } from '../../platform/ids.ts'
import { read } from '../../platform/record.ts'
import { unusable } from './answer.ts'
import type { Call } from './call.ts'

const storable = (text: string): boolean => text !== '' && text.isWellFormed() && !text.includes('\u0000')

const staffNamed = async (call: Call, name: string): Promise<AccountRow | undefined> =>
  storable(name) ? read(call.ctx, (db) => findStaffNamed(db, name)) : undefined

/** The display name of whoever asks is no proof: it names a member of staff or nobody. */
export const askedBy = async (call: Call): Promise<string | undefined> => {
  const user = typeof call.body['user'] === 'string' ? call.body['user'].trim() : ''
  return (await staffNamed(call, user))?.id
}

/**
 * Somebody must be named in `user` who may do it: a machine takes no alert and puts none to sleep.
 * @param does what the person does, for the sentence
 */
export const personWhoMay = async (call: Call, permission: Permission, does: string): Promise<string> => {
  const user = typeof call.body['user'] === 'string' ? call.body['user'].trim() : ''
  const account = await staffNamed(call, user)
  if (!account || !may(actorOfAccount(account, 'integration'), permission))
    throw unusable(
      'user',
      `${does} by a person: send as user the e-mail address or handle of somebody who may take pages in Fortnight.`,
    )
  return account.id
}

/** `{ id }` or `{ username }`, as the recipients of OpsGenie are written. */
export const staffMeant = async (call: Call, field: string, given: unknown): Promise<string> => {
  const { id, username } = (typeof given === 'object' && given !== null ? given : {}) as Record<
    string,
    unknown
  >
  const account =
    typeof id === 'string' && isUuid(id.toLowerCase())
      ? await read(call.ctx, (db) => findAccount(db, id.toLowerCase()))
      : typeof username === 'string'
        ? await staffNamed(call, username.trim())
        : undefined
  if (account?.kind !== 'staff' || account.archived_at !== null)
    throw unusable(
      field,
      `${field} names no member of staff: send an id, or as username an e-mail address or handle.`,
    )
  return account.id
}
