/** Wake-ups between processes: heard by all, few in number, and back by themselves after the database was away. */
import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { openNotifier, type Notifier } from './notify.ts'
import { silentLog } from './log.ts'
import { severalProcesses, type SeveralProcesses } from './several-processes.fixture.ts'
import { until } from './until.fixture.ts'

let processes: SeveralProcesses
const opened: Notifier[] = []
before(async () => {
  processes = await severalProcesses()
})
after(() => processes.stop())
afterEach(async () => {
  await Promise.all(opened.splice(0).map((notifier) => notifier.close()))
})

const listening = async (): Promise<Notifier> => {
  const notifier = openNotifier(processes.connectionString, silentLog())
  opened.push(notifier)
  await until('it listens', () => notifier.listening())
  return notifier
}

test('what one process says is heard by itself at once and by the others soon', async () => {
  const [one, two] = [await listening(), await listening()]
  const heard: string[] = []
  one.hear('tasks', () => heard.push('one'))
  two.hear('tasks', () => heard.push('two'))
  two.hear('events', () => heard.push('two, wrong topic'))
  one.say('tasks')
  assert.deepEqual(heard, ['one'])
  await until('the other heard it', () => heard.includes('two'), 2_000)
  assert.ok(!heard.includes('two, wrong topic'))
})

test('a storm of news is at most one notification in 25 ms', async () => {
  const one = await listening()
  const client = new pg.Client({ connectionString: processes.connectionString })
  await client.connect()
  const payloads: string[] = []
  client.on('notification', ({ payload }) => payloads.push(payload ?? ''))
  await client.query('listen fortnight')
  const startedAt = performance.now()
  while (performance.now() - startedAt < 200) {
    for (let n = 0; n < 50; n++) one.say(n % 2 ? 'tasks' : 'events')
    await pause(1)
  }
  await pause(60)
  await client.end()
  assert.ok(payloads.length >= 2 && payloads.length <= 10, `${payloads.length} notifications`)
  assert.ok(payloads.every((payload) => payload.split(',').length <= 2))
})

test('while the database is away each process tries one connection at a time; then everybody is woken once', async () => {
  const one = await listening()
  let woken = 0
  one.hear('events', () => (woken += 1))
  let attempts = 0
  const connect = pg.Client.prototype.connect as unknown as (this: pg.Client) => Promise<void>
  pg.Client.prototype.connect = function (
    this: pg.Client & { connectionParameters?: { application_name?: string } },
  ) {
    if (this.connectionParameters?.application_name === 'fortnight notify') attempts += 1
    return connect.call(this)
  } as never
  try {
    await processes.databaseGoesAway()
    await until('it noticed', () => !one.listening())
    await pause(3_000)
    assert.ok(attempts >= 2 && attempts <= 8, `${attempts} attempts in three seconds`)
    woken = 0
    await processes.databaseComesBack()
    await until('it listens again', () => one.listening(), 3_000)
    assert.equal(woken, 1)
  } finally {
    pg.Client.prototype.connect = connect as never
    await processes.databaseComesBack()
  }
})

test('a notifier that is closed while it connects leaves no connection behind', async () => {
  const notifier = openNotifier(processes.connectionString, silentLog())
  await notifier.close()
  const client = new pg.Client({ connectionString: processes.connectionString })
  await client.connect()
  const count = async (): Promise<number> =>
    Number(
      (
        await client.query(
          `select count(*) from pg_stat_activity where application_name = 'fortnight notify' and datname = current_database()`,
        )
      ).rows[0].count,
    )
  await until('no connection is left', async () => (await count()) === 0)
  await client.end()
})
