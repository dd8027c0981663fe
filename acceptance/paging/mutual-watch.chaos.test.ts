/** Two installations watch each other: one is killed with everything it runs, and the other pages. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { eventually } from '../chain/eventually.ts'
import { openInstallation, type Installation } from '../chaos/installation.ts'
import { takeFirstSteps, type FirstSteps } from './first-steps.ts'
import { startObedientMailServer, type ObedientMailServer } from './obedient-mail-server.ts'

/** The shortest interval of a heartbeat, and time for a busy machine. */
const SILENT_WITHIN_MS = 240_000
/** Two looks that found nothing come before the first heartbeat. */
const HEARD_WITHIN_MS = 180_000

type Side = {
  readonly env: Record<string, string>
  readonly mail: ObedientMailServer
  readonly installation: Installation
  steps: FirstSteps
  /** With which the other one is heard here. */
  key: string
}
const sides: Side[] = []

const openSide = async (): Promise<Side> => {
  const mail = await startObedientMailServer()
  const env: Record<string, string> = {
    SMTP_URL: mail.url,
    FORTNIGHT_ROLES: 'web,engine,watch',
    WEBHOOK_ALLOW_HTTP: 'true',
    HEARTBEAT_SECONDS: '10',
  }
  const installation = await openInstallation(env)
  await installation.start()
  const steps = await takeFirstSteps(installation)
  const made = await steps.post('/api/environments/acme-prod/keys', { name: 'the other' })
  const side = { env, mail, installation, steps, key: (made as { secret: string }).secret }
  sides.push(side)
  return side
}

const expectOther = async ({ installation, key }: Side): Promise<void> => {
  const reply = await fetch(`${installation.url}/v2/heartbeats`, {
    method: 'POST',
    headers: { authorization: `GenieKey ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'fortnight', interval: 1, intervalUnit: 'minutes', enabled: true }),
  })
  assert.equal(reply.status, 201, await reply.text())
}

/** The watch outlives a killed parent: here the machine goes, and takes it along. */
const killEverything = async ({ installation }: Side): Promise<void> => {
  const client = new pg.Client({ connectionString: installation.connectionString })
  await client.connect()
  const { rows } = await client.query<{ pid: number }>(
    `select pid from processes where 'watch' = any(roles) and stopped_at is null`,
  )
  await client.end()
  await installation.kill()
  for (const { pid } of rows) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It has left by itself.
    }
  }
}

/** Started again with the address of the other's heartbeat. */
const watchedBy = async (side: Side, other: Side): Promise<void> => {
  await killEverything(side)
  const { host } = new URL(other.installation.url)
  side.env['HEARTBEAT_URL'] = `http://:${other.key}@${host}/v2/heartbeats/fortnight/ping`
  await side.installation.start()
}

const stateAt = async ({ steps }: Side): Promise<string | undefined> => {
  const { rows } = (await steps.get('/api/environments/acme-prod/heartbeats')) as {
    rows: { name: string; state: string }[]
  }
  return rows.find(({ name }) => name === 'fortnight')?.state
}

before(async () => {
  const [one, other] = [await openSide(), await openSide()]
  await Promise.all([expectOther(one), expectOther(other)])
  await watchedBy(one, other)
  await watchedBy(other, one)
})
after(async () => {
  for (const side of sides) {
    await killEverything(side).catch(() => undefined)
    await side.installation.close()
    await side.mail.close()
  }
})

test(
  'each hears the other while paging is healthy; when one dies the other pages',
  { timeout: 800_000 },
  async () => {
    const [one, other] = sides as [Side, Side]
    for (const side of [one, other])
      await eventually(
        'the heartbeat of the other',
        async () => ((await stateAt(side)) === 'heard' ? true : undefined),
        HEARD_WITHIN_MS,
      )
    const health = await fetch(`${other.installation.url}/health/paging?wait=20`)
    assert.equal(health.status, 200, await health.text())
    await killEverything(one)
    const mail = await eventually(
      'the page about the silence',
      () => other.mail.received.find(({ subject }) => /Nothing was heard of fortnight/.test(subject ?? '')),
      SILENT_WITHIN_MS,
    )
    assert.match(mail.subject ?? '', /P1/)
  },
)
