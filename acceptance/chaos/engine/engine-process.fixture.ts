/** An engine that does nothing but page, on a clock that its parent moves: killed, cut off and replaced at any instant. */
import { registerChains } from '../../../src/server/chains/index.ts'
import '../../../src/server/operations/paging/tasks.ts'
import { boot } from '../../../src/server/platform/boot.ts'
import { fixedClock } from '../../../src/server/platform/clock.ts'
import { readConfig } from '../../../src/server/platform/config.ts'
import { silentLog } from '../../../src/server/platform/log.ts'
import { openTaskRunner } from '../../../src/server/platform/tasks/runner.ts'

const [connectionString = '', folder = '', mailUrl = '', startAt = '0'] = process.argv.slice(2)
const clock = fixedClock(Number(startAt))
const config = readConfig({
  FORTNIGHT_DATA: folder,
  BASE_URL: 'http://fortnight.test',
  DATABASE_POOL: '4',
  SMTP_URL: mailUrl,
  PAGE_BUNDLING: 'on',
})
const { platform } = await boot({
  config,
  connectionString,
  roles: ['engine'],
  log: silentLog(),
  clock,
  chains: registerChains,
})
const runner = openTaskRunner(platform, ['page'])
process.on('message', (at: number) => {
  clock.set(at)
  // Not before it is told the time, which may have gone back while it started.
  runner.start()
  platform.notifier.say('tasks')
  process.send?.(at)
})
process.on('unhandledRejection', () => undefined)
process.on('disconnect', () => process.exit(0))
process.send?.('started')
