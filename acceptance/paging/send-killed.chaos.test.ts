/**
 * The engine is killed in the middle of telling somebody: the message arrives all the same, a repeat says that it may be
 * one, every promise ends in an outcome, and the watch says that the engine is gone.
 */
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import pg from 'pg'
import { eventually } from '../chain/eventually.ts'
import { openInstallation, type Installation } from '../chaos/installation.ts'
import { ADMINISTRATOR, takeFirstSteps, type FirstSteps } from './first-steps.ts'
import { startObedientMailServer, type ObedientMailServer } from './obedient-mail-server.ts'

const REPEATED = /may have received this message before/
let mail: ObedientMailServer
let installation: Installation
let steps: FirstSteps
let pool: pg.Pool

before(async () => {
  mail = await startObedientMailServer()
  installation = await openInstallation({
    SMTP_URL: mail.url,
    FORTNIGHT_ROLES: 'web,engine,watch',
    // Pages of one minute would wait for each other.
    PAGE_BUNDLING: 'off',
  })
  await installation.start()
  pool = new pg.Pool({ connectionString: installation.connectionString })
  pool.on('error', () => undefined)
  steps = await takeFirstSteps(installation)
})
after(async () => {
  // A watch outlives a killed parent for a while, as it should; here nobody is left to be told.
  const watches = await pool
    ?.query<{ pid: number }>(`select pid from processes where 'watch' = any(roles) and stopped_at is null`)
    .catch(() => undefined)
  for (const { pid } of watches?.rows ?? []) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It has left by itself.
    }
  }
  await pool?.end()
  await installation?.close()
  await mail?.close()
})
beforeEach(() => {
  mail.beforeGreeting = undefined
  mail.beforeAccepting = undefined
})

/** Resolves when the server has come to this point; it goes on when `release` is called. */
const holdAt = (
  point: 'beforeGreeting' | 'beforeAccepting',
  meanwhile: () => Promise<void> = async () => undefined,
) => {
  let release: () => void = () => undefined
  const reached = new Promise<void>((arrived) => {
    const held = new Promise<void>((go) => (release = go))
    mail[point] = async () => {
      mail[point] = undefined
      await meanwhile()
      arrived()
      await held
    }
  })
  return { reached, release: () => release() }
}

/** Half a minute passes: what a killed process had leased is free. */
const leasesRunOut = async () => {
  await pool.query('update page_sends set lease_until_at = 1 where lease_until_at is not null')
  await pool.query('update tasks set lease_until_at = 1 where lease_until_at is not null')
}
const pageOf = async (name: string): Promise<string> => {
  const { rows } = await pool.query(
    `select pa.page_id as id from page_alerts pa join alerts a on a.id = pa.alert_id where a.name = $1`,
    [name],
  )
  return rows[0].id
}
const mailsAbout = (pageId: string) =>
  mail.received.filter(({ headers }) => headers.get('x-fortnight-page') === pageId)
const intentOf = async (pageId: string) => {
  const { rows } = await pool.query(
    `select i.status, i.outcome, s.attempt from page_intents i join page_sends s on s.intent_id = i.id
     where i.page_id = $1 and i.channel = 'email' order by i.intended_at limit 1`,
    [pageId],
  )
  return rows[0]
}
const ended = (pageId: string) =>
  eventually('the outcome', async () => {
    const intent = await intentOf(pageId)
    return intent?.status === 'sent' ? intent : undefined
  })
const resolve = (name: string) => steps.fire({ name, status: 'resolved' })

test('killed between the claim and the send, the mail goes out once, and says that it may be a repeat', async () => {
  const hold = holdAt('beforeGreeting')
  assert.equal(await steps.fire({ name: 'Between claim and send' }), 200)
  await hold.reached
  await installation.kill()
  hold.release()
  const page = await pageOf('Between claim and send')
  assert.equal((await intentOf(page)).status, 'intended')
  await leasesRunOut()
  await installation.start()
  assert.equal((await ended(page)).attempt, 2)
  const mails = mailsAbout(page)
  assert.equal(mails.length, 1)
  assert.match(mails[0]!.text ?? '', REPEATED)
  await resolve('Between claim and send')
})

test('killed between the send and its outcome, the mail is repeated, labelled, and folds into the first by its id', async () => {
  const locker = new pg.Client({ connectionString: installation.connectionString })
  await locker.connect()
  // The outcome cannot be written while somebody holds the page: the engine dies with the 250 in its hands.
  const hold = holdAt('beforeAccepting', async () => {
    await locker.query('begin')
    await locker.query('select 1 from pages where id = $1 for update', [
      await pageOf('Between send and outcome'),
    ])
  })
  assert.equal(await steps.fire({ name: 'Between send and outcome' }), 200)
  await hold.reached
  hold.release()
  const page = await eventually('the waiting outcome', async () => {
    const { rows } = await pool.query(`select 1 from pg_locks where not granted limit 1`)
    return rows.length > 0 ? pageOf('Between send and outcome') : undefined
  })
  await installation.kill()
  await locker.query('rollback')
  await locker.end()
  assert.equal((await intentOf(page)).status, 'intended')
  assert.equal(mailsAbout(page).length, 1)
  await leasesRunOut()
  await installation.start()
  await ended(page)
  const mails = mailsAbout(page)
  assert.equal(mails.length, 2)
  assert.doesNotMatch(mails[0]!.text ?? '', REPEATED)
  assert.match(mails[1]!.text ?? '', REPEATED)
  assert.equal(mails[0]!.messageId, mails[1]!.messageId)
  await resolve('Between send and outcome')
})

test('killed while it takes alerts, everything a sender was told is taken is there, and what was not is sent again', async () => {
  const promised = new Set<string>()
  let number = 0
  const sendUntilKilled = async (killed: () => boolean) => {
    while (!killed()) {
      const name = `Taken ${(number += 1)}`
      if ((await steps.fire({ name, severity: 'low' })) === 200) promised.add(name)
    }
  }
  for (let round = 0; round < 3; round++) {
    let dead = false
    const senders = [1, 2, 3, 4].map(() => sendUntilKilled(() => dead))
    const enough = promised.size + 25
    await eventually('some alerts', () => (promised.size >= enough ? true : undefined))
    await installation.kill()
    dead = true
    await Promise.all(senders)
    await installation.start()
  }
  const { rows } = await pool.query<{ name: string }>('select name from alerts')
  const stored = new Set(rows.map(({ name }) => name))
  assert.deepEqual(
    [...promised].filter((name) => !stored.has(name)),
    [],
  )
})

test('the engine is killed with a promise in its hands: the watch, which lost its parent, tells the administrator', async () => {
  const told = mail.received.length
  const hold = holdAt('beforeGreeting')
  assert.equal(await steps.fire({ name: 'Engine gone' }), 200)
  await hold.reached
  await installation.kill()
  hold.release()
  const killedAt = Date.now()
  const alarm = await eventually('the mail of the watch', () =>
    mail.received.slice(told).find(({ headers }) => headers.has('x-fortnight-alarm')),
  )
  assert.ok(Date.now() - killedAt < 30_000)
  assert.match(alarm.subject ?? '', /No engine process is alive/)
  assert.match(JSON.stringify(alarm.to), new RegExp(ADMINISTRATOR.email))
  await leasesRunOut()
  await installation.start()
  await ended(await pageOf('Engine gone'))
  await eventually('the end of the alarm', async () => {
    const { rows, watched } = (await steps.get('/api/alarms')) as {
      rows: { kind: string; endedAt: number | null }[]
      watched: boolean
    }
    return watched && rows.every(({ endedAt }) => endedAt !== null) ? true : undefined
  })
})

test('afterwards no promise is without outcome', async () => {
  await resolve('Engine gone')
  const open = await eventually('the last outcome', async () => {
    const { rows } = await pool.query(`select id from page_intents where status = 'intended'`)
    return rows.length === 0 ? rows : undefined
  })
  assert.deepEqual(open, [])
})
