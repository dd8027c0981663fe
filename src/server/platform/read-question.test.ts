/** A question that somebody wrote ends in time, and whoever asks many at once waits for themselves alone. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { personWith, testServer, type TestServer } from '../testing/test-server.ts'
import { Fault } from './faults.ts'
import { readQuestion } from './read-question.ts'

let server: TestServer
before(async () => {
  server = await testServer()
})
after(() => server?.stop())

const ctxOf = (name: string) => server.as(personWith(name, 'engineer'))
const isFault = (code: string) => (error: unknown) => error instanceof Fault && error.code === code

test('what takes too long is ended, and its connection serves the next', async () => {
  const slow = readQuestion(ctxOf('ada'), (db) => sql`select pg_sleep(20)`.execute(db), { longestMs: 100 })
  await assert.rejects(slow, isFault('invalid-input'))
  const { rows } = await sql<{ limit: string }>`select current_setting('statement_timeout') as limit`.execute(
    server.platform.database.db,
  )
  assert.equal(rows[0]?.limit, '0', 'nobody else is hurried')
})

test('of one asker two questions run, others wait without a connection, and too many are refused', async () => {
  let running = 0
  let most = 0
  let letGo = (): void => undefined
  const held = new Promise<void>((done) => (letGo = done))
  const ask = (name: string) =>
    readQuestion(ctxOf(name), async () => {
      running += 1
      most = Math.max(most, running)
      await held
      running -= 1
      return name
    })
  const asked = Array.from({ length: 22 }, () => ask('bo'))
  await assert.rejects(ask('bo'), isFault('too-many-tries'))
  const other = readQuestion(ctxOf('cleo'), async () => 'cleo')
  assert.equal(await other, 'cleo')
  while (running < 2) await pause(5)
  letGo()
  assert.equal((await Promise.all(asked)).length, 22)
  assert.equal(most, 2)
  assert.equal(await ask('bo'), 'bo', 'all turns were given back')
})
