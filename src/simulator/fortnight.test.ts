/** A team's two weeks, played from a seed on the real server; afterwards every invariant holds. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { startMailServer } from '../server/testing/mail-server.ts'
import { testDatabase } from '../server/testing/test-database.ts'
import { openStage } from '../server/stage.ts'
import { castTeam } from './cast.ts'
import { planFortnight } from './fortnight.ts'
import { brokenInvariants, missingAlerts } from './invariants.ts'
import { openQuestions } from './question-store.ts'
import { randomFrom } from './random.ts'

/** A Monday, 00:00 UTC. */
const START = Date.UTC(2026, 9, 19)
const DAYS = 14
const DAY = 24 * 3_600_000
const seed = Number(process.env['FORTNIGHT_SEED']) || 20_261_019

test(`a fortnight from seed ${seed} breaks no invariant, and nothing that was accepted is missing`, async (t) => {
  const database = await testDatabase()
  const folder = mkdtempSync(join(tmpdir(), 'fortnight-play-'))
  const mail = await startMailServer()
  const questions = openQuestions(database.connectionString)
  const stage = await openStage({
    connectionString: database.connectionString,
    folder,
    start: START - DAY,
    env: { SMTP_URL: mail.url },
  })
  try {
    const production = await castTeam(stage, randomFrom(seed), '2026-10-19')
    planFortnight(production, START, DAYS)
    await production.play.until(START + DAYS * DAY + DAY)
    assert.deepEqual(await brokenInvariants(questions, stage.now()), [])
    assert.deepEqual(await missingAlerts(questions, production.players.accepted), [])
    const [counts] = await questions.ask<
      Record<string, number>
    >(`select (select count(*) from alerts) as alerts, (select count(*) from pages) as pages,
      (select count(*) from incidents) as incidents, (select count(*) from decisions) as decisions, (select count(*) from recordings) as recordings, (select count(*) from events) as events`)
    t.diagnostic(
      `played ${production.play.played()} cues: ${JSON.stringify(counts)}; ${mail.received.length} mails`,
    )
    for (const [what, count] of Object.entries(counts ?? {}))
      assert.ok(count > 5, `a fortnight without ${what} is no fortnight`)
    assert.ok(mail.received.length > 10)
  } finally {
    await questions.close()
    await stage.stop()
    await mail.close()
    await database.drop()
    rmSync(folder, { recursive: true, force: true })
  }
})
