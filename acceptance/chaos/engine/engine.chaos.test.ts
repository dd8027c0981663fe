/** Three engines, one clock that jumps, and death at any instant: what is promised equals what an oracle says, and all of it is kept. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { createEscalationPolicy } from '../../../src/server/operations/on-call/escalation/create-escalation-policy.ts'
import { replaceNotificationRules } from '../../../src/server/operations/paging/notification-rules.ts'
import { startMailServer, type MailServer } from '../../../src/server/testing/mail-server.ts'
import { seedTeam } from '../../../src/server/testing/seed.ts'
import { testServer, type TestServer } from '../../../src/server/testing/test-server.ts'
import { startEngines, type Engines } from './engines.ts'
import type { Policy } from './oracle.ts'
import { CLAIMS_SEEN, playSeed, type Stage } from './seeded-run.ts'

/** `FORTNIGHT_SEED` plays one again. */
const first = Number(process.env['FORTNIGHT_SEED']) || 1
const SEEDS = process.env['FORTNIGHT_SEED'] ? 1 : Math.max(50, Number(process.env['FORTNIGHT_RUNS']) || 0)

let server: TestServer
let mail: MailServer
let engines: Engines
let db: pg.Client
let stage: Stage

const setUp = async (): Promise<Omit<Stage, 'engines'>> => {
  const team = await seedTeam(server)
  const admin = server.as(team.administrator.actor)
  const [bo, cleo, dag] = team.engineers.map(({ id }) => id) as [string, string, string]
  const policies = new Map<string, Policy>([
    ['one', { repeat: 0, steps: [{ afterMinutes: 0, targets: [bo] }] }],
    [
      'three',
      {
        repeat: 1,
        steps: [
          { afterMinutes: 0, targets: [bo] },
          { afterMinutes: 2, targets: [cleo, dag] },
          { afterMinutes: 5, targets: [dag] },
        ],
      },
    ],
    [
      'all',
      {
        repeat: 2,
        steps: [
          { afterMinutes: 0, targets: [bo, cleo, dag] },
          { afterMinutes: 1, targets: [cleo] },
        ],
      },
    ],
  ])
  for (const [slug, { repeat, steps }] of policies)
    await createEscalationPolicy(admin, {
      slug,
      name: slug,
      repeat,
      steps: steps.map(({ afterMinutes, targets }) => ({
        afterMinutes,
        targets: targets.map((id) => ({ kind: 'account', id })),
      })),
      fallback: [{ kind: 'role', role: 'administrator' }],
    } as never)
  const twice = [0, 3].map((afterMinutes) => ({ method: 'email', afterMinutes }))
  await replaceNotificationRules(server.as(team.engineers[1].actor), {
    rules: [{ occasions: ['page'], priorities: [], hours: null, steps: twice }],
    quiet: null,
  } as never)
  const world = { administrators: [team.administrator.id], mailsAfter: new Map([[cleo, [0, 3]]]) }
  return { server, team, mail, db, world, policies }
}

before(async () => {
  mail = await startMailServer()
  server = await testServer({ env: { SMTP_URL: mail.url, PAGE_BUNDLING: 'on' } })
  db = new pg.Client({ connectionString: server.connectionString })
  await db.connect()
  await db.query(CLAIMS_SEEN)
  const set = await setUp()
  const { connectionString, platform, clock } = server
  const given = { connectionString, folder: platform.config.FORTNIGHT_DATA, mailUrl: mail.url }
  engines = await startEngines(3, given, clock.now())
  stage = { ...set, engines }
})
after(async () => {
  await engines?.close()
  await db?.end()
  await server?.stop()
  await mail?.close()
})

/** So many a test: each has its time. */
const A_TEST = 10

for (let from = first; from < first + SEEDS; from += A_TEST) {
  const to = Math.min(from + A_TEST, first + SEEDS)
  test(`seeds ${from} to ${to - 1}: promises equal the oracle's, each is kept, none is claimed after the page was taken`, async (t) => {
    let mails = 0
    for (let seed = from; seed < to; seed++) {
      assert.deepEqual(await playSeed(stage, seed), [], `play it again with FORTNIGHT_SEED=${seed}`)
      mails += mail.received.length
    }
    assert.ok(mails > 0)
    t.diagnostic(`${mails} mails`)
  })
}
