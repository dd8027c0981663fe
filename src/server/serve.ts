/** One process at work: the roles it was given, and how it stops. */
import { openApp, type App } from './app.ts'
import { registerChains } from './chains/index.ts'
import { openSequencer } from './evidence/ledger/index.ts'
import { bindChoosePerson, ensureInstallation, setupLink } from './people/index.ts'
import { boot } from './platform/boot.ts'
import type { Config } from './platform/config.ts'
import { isHeld } from './platform/held.ts'
import { drain, listen } from './platform/http/listen.ts'
import type { Log } from './platform/log.ts'
import { prepareMail } from './platform/mail.ts'
import { sowRecurring } from './platform/tasks/recurring.ts'
import { openTaskRunner, type TaskRunner } from './platform/tasks/runner.ts'
import type { Lane } from './platform/tasks/task.ts'
import './all-tasks.ts'

export type Serving = {
  readonly url: string | undefined
  readonly setupLink: string | undefined
  /** Restored from a backup and not released yet. */
  readonly held: boolean
  /** Resolves with a sentence when a newer version needs the schema for itself: stop. */
  readonly outdated: Promise<string>
  readonly stop: (graceMs: number) => Promise<void>
}

const LANES: Readonly<Record<string, readonly Lane[]>> = {
  web: [],
  engine: ['page', 'mail', 'evidence', 'ordinary'],
  worker: ['heavy'],
  watch: [],
}

type Given = {
  readonly config: Config
  readonly connectionString: string
  readonly roles: readonly string[]
  readonly log: Log
  /** Opens the door of the demo, where one signs in by choosing a person. */
  readonly demo?: boolean
}

export const serve = async ({ config, connectionString, roles, log, demo }: Given): Promise<Serving> => {
  // Worker and watch do little at a time: two connections each instead of a pool of eight.
  const lean = !roles.includes('web') && !roles.includes('engine')
  const sized = lean ? { ...config, DATABASE_POOL: 2 } : config
  const booted = await boot({ config: sized, connectionString, roles, log, chains: registerChains })
  const { platform } = booted
  await ensureInstallation(platform)

  const lanes = roles.flatMap((role) => LANES[role] ?? [])
  const runner: TaskRunner | undefined = lanes.length > 0 ? openTaskRunner(platform, lanes) : undefined
  runner?.start()
  // The worker knows no kinds until something of its lane waits, so what recurs there is sown here.
  if (roles.includes('engine')) await Promise.all([sowRecurring(platform, ['heavy']), prepareMail(platform)])
  const sequencer = roles.includes('engine') ? openSequencer(platform, connectionString) : undefined
  sequencer?.start()
  let app: App | undefined
  let url: string | undefined
  if (roles.includes('web')) {
    app = await openApp(platform)
    if (demo) bindChoosePerson(app.http, platform)
    await app.feed.start()
    await listen(app.http, config)
    url = config.baseUrl
  }
  const link = roles.includes('web') ? await setupLink(platform) : undefined
  return {
    url,
    setupLink: link,
    held: await isHeld(platform),
    outdated: booted.outdated,
    stop: async (graceMs) => {
      // First no new work from outside, then no new tasks, then the floor.
      if (app) await drain(app.http, graceMs)
      app?.feed.stop()
      await runner?.stop(graceMs)
      await sequencer?.stop()
      await booted.stop()
    },
  }
}
