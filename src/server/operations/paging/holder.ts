/** The person whom a page was sent to, acting by the message. */
import { linkHolder, loadStaff } from '../../people/accounts/link-holder.ts'
import type { Db } from '../../platform/database.ts'

export { loadStaff }
export const holderOf = (db: Db, accountId: string | null) => linkHolder(db, accountId, 'pages.acknowledge')
