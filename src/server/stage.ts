/** What the simulator plays on: the whole server in this process, on a clock that the play moves. */
import './all-tasks.ts'
import { openApp } from './app.ts'
import { registerChains } from './chains/index.ts'
import { createKey, createMyToken, ensureInstallation, setupLink, staffNamed } from './people/index.ts'
import { isRole } from '../domain/people/permissions.ts'
import { boot } from './platform/boot.ts'
import { fixedClock } from './platform/clock.ts'
import { readConfig } from './platform/config.ts'
import type { Ctx } from './platform/context.ts'
import type { Actor } from './platform/actor.ts'
import { openLog } from './platform/log.ts'
import { nextTaskIn } from './platform/tasks/claim.ts'
import { openTaskRunner } from './platform/tasks/runner.ts'
import type { Lane } from './platform/tasks/task.ts'

export type Answer = {
  readonly status: number
  readonly body: Record<string, unknown>
  readonly text: string
}
export type Call = {
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly url: string
  readonly token?: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export type Stage = {
  readonly call: (call: Call) => Promise<Answer>
  readonly now: () => number
  readonly moveTo: (at: number) => void
  /** Runs every task that is due now, and what they make due. */
  readonly settle: () => Promise<void>
  /** When the next waiting task is due; undefined when nothing waits. */
  readonly nextTaskAt: () => Promise<number | undefined>
  /** The one-time link's token of the first start. */
  readonly setupToken: () => Promise<string>
  /** A personal token, as if its person had made it; `fixed` for the demo, whose README prints it. */
  readonly tokenFor: (handle: string, fixed?: string) => Promise<string>
  readonly keyFor: (environment: string, fixed?: string) => Promise<string>
  readonly stop: () => Promise<void>
}

type Given = {
  readonly connectionString: string
  readonly folder: string
  readonly start: number
  readonly env?: Readonly<Record<string, string>>
}

const LANES: readonly Lane[] = ['page', 'mail', 'evidence', 'ordinary', 'heavy']

export const openStage = async (given: Given): Promise<Stage> => {
  const clock = fixedClock(given.start)
  const config = readConfig({
    FORTNIGHT_DATA: given.folder,
    DATABASE_POOL: '4',
    LOG_LEVEL: 'error',
    ...given.env,
  })
  const log = openLog(config.LOG_LEVEL, 'stage')
  const booted = await boot({
    config,
    connectionString: given.connectionString,
    roles: ['stage'],
    log,
    clock,
    chains: registerChains,
  })
  const { platform } = booted
  await ensureInstallation(platform)
  const { http, feed } = await openApp(platform)
  await http.ready()
  const tasks = openTaskRunner(platform, LANES)

  const ctxOf = async (handle: string): Promise<Ctx> => {
    const row = await staffNamed(platform.database.db, handle)
    const actor: Actor = { kind: 'person', accountId: row.id, roles: row.roles.filter(isRole), via: 'web' }
    return { actor, platform, requestId: 'stage', log, address: '127.0.0.1' }
  }

  return {
    call: async ({ method, url, token, body, headers }) => {
      const bytes = Buffer.isBuffer(body)
      const reply = await http.inject({
        method,
        url,
        headers: {
          ...(token ? { authorization: `Bearer ${token}` } : {}),
          ...(body === undefined ? {} : { 'content-type': bytes ? 'application/gzip' : 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { payload: bytes ? body : JSON.stringify(body) }),
      })
      const json = reply.body.startsWith('{')
      return {
        status: reply.statusCode,
        body: json ? (JSON.parse(reply.body) as Record<string, unknown>) : {},
        text: reply.body,
      }
    },
    now: clock.now,
    moveTo: clock.set,
    settle: async () => {
      await tasks.drain()
    },
    nextTaskAt: async () => {
      const dueIn = await nextTaskIn(platform, LANES)
      return dueIn === undefined ? undefined : clock.now() + dueIn
    },
    setupToken: async () =>
      new URL((await setupLink(platform)) ?? 'http://none/').searchParams.get('token') ?? '',
    tokenFor: async (handle, fixed) =>
      (
        await createMyToken(
          await ctxOf(handle),
          { name: 'command line', scopes: ['*'] },
          fixed ? { fixed } : {},
        )
      ).secret,
    keyFor: async (environment, fixed) =>
      (await createKey(await ctxOf('ada'), { environment, name: 'alertmanager' }, fixed ? { fixed } : {}))
        .secret,
    stop: async () => {
      await http.close()
      feed.stop()
      await booted.stop()
    },
  }
}
