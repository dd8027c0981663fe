/** Finds a colleague by what one calls them in a shell: their handle or e-mail address. */
import { accountRoutes } from '../../contract/people/accounts.ts'
import type { ReplyOf } from '../../contract/route.ts'
import { call } from '../shell/call.ts'
import type { Connection } from '../shell/connection.ts'
import { CommandFault } from '../shell/io.ts'

/** @returns the account's id, or undefined when nobody is called so */
export const findAccountNamed = async (connection: Connection, name: string): Promise<string | undefined> => {
  let after: string | null = ''
  while (after !== null) {
    const reply: ReplyOf<typeof accountRoutes.listAccounts> = await call(
      connection,
      accountRoutes.listAccounts,
      { kind: 'staff', limit: 200, ...(after ? { after } : {}) },
    )
    const found = reply.rows.find(({ handle, email }) => handle === name || email === name)
    if (found) return found.id
    after = reply.next
  }
  return undefined
}

export const accountNamed = async (connection: Connection, name: string): Promise<string> => {
  const id = await findAccountNamed(connection, name)
  if (id === undefined) throw new CommandFault(`Nobody has the handle or address ${name}.`)
  return id
}
