/** The whole server on a database of its own with a clock that the test moves: what server tests stand on. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { Role } from '../../domain/people/permissions.ts'
import { openApp } from '../app.ts'
import { registerChains } from '../chains/index.ts'
import { boot } from '../platform/boot.ts'
import { fixedClock } from '../platform/clock.ts'
import { readConfig } from '../platform/config.ts'
import type { Ctx, Platform } from '../platform/context.ts'
import type { Actor } from '../platform/actor.ts'
import { silentLog } from '../platform/log.ts'
import { openTaskRunner, type TaskRunner } from '../platform/tasks/runner.ts'
import type { Feed } from '../platform/live/feed.ts'
import { testDatabase } from './test-database.ts'

export type TestServer = {
  readonly platform: Platform
  readonly http: FastifyInstance
  readonly feed: Feed
  readonly clock: ReturnType<typeof fixedClock>
  readonly tasks: TaskRunner
  readonly connectionString: string
  /** A context as any actor, to call verbs directly. */
  readonly as: (actor: Actor) => Ctx
  readonly stop: () => Promise<void>
}

/** A Tuesday, 09:00 in Stockholm. */
export const TEST_START = Date.UTC(2026, 10, 10, 8, 0, 0)

export const testServer = async (
  given: {
    env?: Record<string, string>
    start?: number
    lanes?: ('page' | 'mail' | 'evidence' | 'ordinary' | 'heavy')[]
  } = {},
): Promise<TestServer> => {
  const database = await testDatabase()
  const folder = mkdtempSync(join(tmpdir(), 'fortnight-test-'))
  const clock = fixedClock(given.start ?? TEST_START)
  const config = readConfig({
    FORTNIGHT_DATA: folder,
    BASE_URL: 'http://fortnight.test',
    DATABASE_POOL: '4',
    // Tests of single pages ring many in one minute; those of bundles turn it on.
    PAGE_BUNDLING: 'off',
    ...given.env,
  })
  const booted = await boot({
    config,
    connectionString: database.connectionString,
    roles: ['test'],
    log: silentLog(),
    clock,
    chains: registerChains,
  })
  const { platform } = booted
  const { http, feed } = await openApp(platform)
  await http.ready()
  return {
    platform,
    http,
    feed,
    clock,
    tasks: openTaskRunner(platform, given.lanes ?? ['page', 'mail', 'evidence', 'ordinary', 'heavy']),
    connectionString: database.connectionString,
    as: (actor) => ({ actor, platform, requestId: 'test', log: platform.log, address: '127.0.0.1' }),
    stop: async () => {
      await http.close()
      feed.stop()
      await booted.stop()
      await database.drop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export const personWith = (accountId: string, ...roles: Role[]): Actor => ({
  kind: 'person',
  accountId,
  roles,
  via: 'web',
})
export const anonymous: Actor = { kind: 'anonymous', via: 'web' }
