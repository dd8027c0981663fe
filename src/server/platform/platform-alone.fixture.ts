/** The platform without any area on it, on a database of its own, with a clock that the test moves. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Role } from '../../domain/people/permissions.ts'
import { testDatabase } from '../testing/test-database.ts'
import { boot } from './boot.ts'
import { fixedClock } from './clock.ts'
import { readConfig } from './config.ts'
import type { Ctx, Platform } from './context.ts'
import type { Actor } from './actor.ts'
import { silentLog, type Log } from './log.ts'

export type PlatformAlone = {
  readonly platform: Platform
  readonly clock: ReturnType<typeof fixedClock>
  readonly connectionString: string
  readonly as: (actor: Actor) => Ctx
  readonly stop: () => Promise<void>
}

/** A Tuesday, 09:00 in Stockholm. */
const START = Date.UTC(2026, 10, 10, 8, 0, 0)

export const person = (accountId: string, ...roles: Role[]): Actor => ({
  kind: 'person',
  accountId,
  roles,
  via: 'web',
})

export const platformAlone = async ({
  env = {},
  log = silentLog(),
}: { env?: Record<string, string>; log?: Log } = {}): Promise<PlatformAlone> => {
  const database = await testDatabase()
  const folder = mkdtempSync(join(tmpdir(), 'fortnight-test-'))
  const clock = fixedClock(START)
  const config = readConfig({
    FORTNIGHT_DATA: folder,
    BASE_URL: 'http://fortnight.test',
    DATABASE_POOL: '4',
    ...env,
  })
  const { connectionString } = database
  const booted = await boot({ config, connectionString, roles: ['test'], log, clock })
  const { platform } = booted
  return {
    platform,
    clock,
    connectionString,
    as: (actor) => ({ actor, platform, requestId: 'test', log: platform.log, address: '127.0.0.1' }),
    stop: async () => {
      await booted.stop()
      await database.drop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
