/** The program behind `fortnight administrator-link`: a new way in for an administrator who lost every other. */
import { hostname, userInfo } from 'node:os'
import { parseArgs } from 'node:util'
import { registerChains } from './chains/index.ts'
import { openDatabaseOfHost } from './installation/host-database.ts'
import { findInstallation, inviteFromHost, setupLink } from './people/index.ts'
import { boot } from './platform/boot.ts'
import { ConfigFault, readConfig } from './platform/config.ts'
import type { Platform } from './platform/context.ts'
import { Fault } from './platform/faults.ts'
import { openLog } from './platform/log.ts'
import './all-tasks.ts'

const out = (line: string): void => void process.stdout.write(`${line}\n`)

type Asked = { readonly account?: string | undefined; readonly grant: boolean }

const readArguments = (): Asked => {
  const { values } = parseArgs({ options: { account: { type: 'string' }, grant: { type: 'boolean' } } })
  return { account: values.account, grant: values.grant === true }
}

const hours = (ms: number): number => Math.round(ms / 3_600_000)

const printLink = async (platform: Platform, asked: Asked): Promise<void> => {
  if (!(await findInstallation(platform.database.db)))
    throw new Error('This database holds no installation yet. Start Fortnight; it prints a setup link.')
  const first = await setupLink(platform)
  if (first !== undefined) {
    out('Nobody administers this installation yet. This one-time link makes the first administrator:')
    return out(first)
  }
  const by = { host: hostname(), user: userInfo().username }
  const { handle, link, expiresAt } = await inviteFromHost(platform, { ...asked, ...by })
  const left = hours(expiresAt - platform.clock.now())
  out(`A new password for ${handle}, once, within ${left} h. Their other sessions end when it is set:`)
  out(link)
  out(`It stands in the ledger as an act of the host, by ${by.user} on ${by.host}.`)
}

const main = async (): Promise<void> => {
  const asked = readArguments()
  const config = readConfig(process.env)
  const opened = await openDatabaseOfHost(config)
  try {
    const booted = await boot({
      config: { ...config, DATABASE_POOL: 2 },
      connectionString: opened.url,
      roles: ['host'],
      log: openLog('error', 'host'),
      chains: registerChains,
    })
    await printLink(booted.platform, asked).finally(() => booted.stop())
  } finally {
    await opened.close()
  }
}

/** A sentence of ours for whoever stands before the machine; anything else with where it happened. */
const sentence = (error: unknown): string => {
  const { message, stack, code } = error as Error & { code?: string }
  const known = error instanceof Fault || error instanceof ConfigFault || (error as Error).name === 'Error'
  if (code === 'ECONNREFUSED' || code === 'ENOTFOUND')
    return `The database does not answer (${message}). Is DATABASE_URL that of the server?`
  return known ? message : (stack ?? message)
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${sentence(error)}\nNothing was changed.\n`)
    process.exit(1)
  },
)
