/** `fortnight whoami`: which server, which person, which roles. */
import { meRoutes } from '../../contract/people/sign-in.ts'
import { call } from '../shell/call.ts'
import { needConnection } from '../shell/connection.ts'
import type { Command } from '../shell/io.ts'

export const whoamiCommand: Command = {
  usage: 'fortnight whoami',
  about: 'Which server this machine talks to, and as whom.',
  run: async (_argv, io) => {
    const connection = needConnection(io.env)
    const me = await call(connection, meRoutes.getMe, {})
    io.out(`${me.account.name} (${me.account.handle}) at ${connection.url}`)
    io.out(me.account.roles.length > 0 ? `Roles: ${me.account.roles.join(', ')}` : 'No roles.')
    return 0
  },
}
