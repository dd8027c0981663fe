/** People in OpsGenie's words: of the staff, as far as the asking program may see them. */
import type { OpsGenieUser } from '../../../../contract/compat/opsgenie-on-call.ts'
import type { AccountRow } from '../../../people/accounts/store.ts'
import { OpsGenieFault } from '../answer.ts'
import { iso, type Asked } from './asked.ts'
import type { Sight } from './sight.ts'

const MOST_A_PAGE = 100

const roleOf = ({ roles }: AccountRow) =>
  roles.includes('administrator') ? { id: 'Admin', name: 'Admin' } : { id: 'User', name: 'User' }

const present = (row: AccountRow, sight: Sight): OpsGenieUser => ({
  id: row.id,
  username: sight.usernameOf(row.id),
  fullName: row.name,
  role: roleOf(row),
  timeZone: row.zone,
  locale: row.locale,
  blocked: row.archived_at !== null,
  verified: row.can_sign_in,
  createdAt: iso(row.created_at),
})

const from = (given: string | undefined, usual: number): number =>
  given !== undefined && /^[0-9]{1,6}$/.test(given) ? Number(given) : usual

export const listUsers = async ({ ctx, query }: Asked, sight: Sight) => {
  const all = [...sight.people.values()]
  const limit = Math.min(MOST_A_PAGE, Math.max(1, from(query['limit'], MOST_A_PAGE)))
  const offset = from(query['offset'], 0)
  const at = (start: number): string =>
    new URL(`/v2/users?limit=${limit}&offset=${start}`, ctx.platform.config.baseUrl).href
  const last = Math.max(0, Math.ceil(all.length / limit) - 1) * limit
  return {
    data: all.slice(offset, offset + limit).map((row) => present(row, sight)),
    totalCount: all.length,
    paging: {
      first: at(0),
      ...(offset > 0 ? { prev: at(Math.max(0, offset - limit)) } : {}),
      ...(offset + limit < all.length ? { next: at(offset + limit) } : {}),
      last: at(last),
    },
  }
}

/** By id, or by whatever this program reads as the username. */
export const userAsked = ({ params }: Asked, sight: Sight): AccountRow => {
  const wanted = (params['identifier'] ?? '').trim().toLowerCase()
  const found = [...sight.people.values()].find(
    ({ id }) => id === wanted || sight.usernameOf(id).toLowerCase() === wanted,
  )
  if (!found) throw new OpsGenieFault(404, 'User does not exist.')
  return found
}

export const getUser = async (asked: Asked, sight: Sight) => ({
  data: present(userAsked(asked, sight), sight),
  expandable: ['contact'],
})
