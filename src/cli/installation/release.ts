/** `fortnight release`: lets a restored installation go, after somebody has said what should not fire any more. */
import { parseArgs } from 'node:util'
import { installationAreaRoutes } from '../../contract/installation/installation.ts'
import { call } from '../shell/call.ts'
import { needConnection } from '../shell/connection.ts'
import { usageFault, type Command, type Io } from '../shell/io.ts'

const USAGE = 'fortnight release --reason TEXT [--expire TASK|KIND]… [--expire-all]'

const sum = (rows: readonly { kind: string; count: number }[]): string =>
  rows.length === 0 ? 'nothing' : rows.map(({ kind, count }) => `${count} × ${kind}`).join(', ')

const run = async (argv: readonly string[], io: Io): Promise<number> => {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      reason: { type: 'string' },
      expire: { type: 'string', multiple: true },
      'expire-all': { type: 'boolean' },
    },
  })
  if (values.reason === undefined) throw usageFault('Say with --reason why it may go; it is recorded.')
  const connection = needConnection(io.env)
  const { kinds } = await call(connection, installationAreaRoutes.showHeld, {})
  const still = kinds.filter(({ standsStill }) => standsStill).map(({ kind }) => kind)
  const expire = [...(values.expire ?? []), ...(values['expire-all'] === true ? still : [])]
  const done = await call(connection, installationAreaRoutes.release, { expire, reason: values.reason })
  io.out(`Released. Expired: ${sum(done.expired)}. Goes out now or when it is due: ${sum(done.released)}.`)
  for (const id of done.gone) io.out(`  ${id} waited no longer.`)
  return 0
}

export const release: Command = {
  usage: USAGE,
  about: 'Release a restored installation; expire what should not fire any more',
  run,
}
