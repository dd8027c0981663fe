/** `npm run demo`: a team in the middle of its fortnight, played up to this minute, then served. Loopback only; everybody is invented. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { SMTPServer } from 'smtp-server'
import { serve } from '../server/serve.ts'
import { openStage } from '../server/stage.ts'
import { projectRoot } from '../server/platform/boot.ts'
import { readConfig } from '../server/platform/config.ts'
import { refuseUnusablePort } from '../server/platform/http/listen.ts'
import { startEmbeddedPostgres } from '../server/platform/embedded-postgres/index.ts'
import { holdFolder } from '../server/platform/embedded-postgres/hold-folder.ts'
import { openLog } from '../server/platform/log.ts'
import { readMigrations } from '../server/platform/migrate.ts'
import { castTeam, DEMO_KEY, DEMO_TOKEN } from './cast.ts'
import { leaveSomethingOpen, planFortnight } from './fortnight.ts'
import { randomFrom } from './random.ts'

const DAY = 24 * 3_600_000
const SEED = 7
const PLAYED = 'played.json'

/** The Monday 00:00 UTC of the week before this one. */
const lastMonday = (now: number): number => {
  const midnight = Math.floor(now / DAY) * DAY
  const weekday = (new Date(midnight).getUTCDay() + 6) % 7
  return midnight - (weekday + 7) * DAY
}

/** Mail of the demo goes nowhere, but is really sent: pages by mail have an honest outcome. */
const startMailSink = async (): Promise<{ url: string; close: () => void }> => {
  const sink = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onData: (stream, _session, done) => void stream.resume().on('end', () => done()),
  })
  await new Promise<void>((started) => sink.listen(0, '127.0.0.1', started))
  return { url: `smtp://127.0.0.1:${(sink.server.address() as AddressInfo).port}`, close: () => sink.close() }
}

const play = async (connectionString: string, folder: string, smtpUrl: string): Promise<void> => {
  const now = Date.now()
  const start = lastMonday(now)
  const stage = await openStage({ connectionString, folder, start: start - DAY, env: { SMTP_URL: smtpUrl } })
  try {
    const monday = new Date(start).toISOString().slice(0, 10)
    const production = await castTeam(stage, randomFrom(SEED), monday, { fixed: true })
    planFortnight(production, start, Math.floor((now - start) / DAY))
    await production.play.until(now - 2 * 3_600_000)
    await leaveSomethingOpen(production)
    await production.play.until(now)
  } finally {
    await stage.stop()
  }
}

/** @throws Error when another demo is playing there at this moment */
const removeUnheld = (folder: string): void => {
  const cluster = join(folder, 'postgres')
  if (existsSync(cluster)) holdFolder(cluster).release()
  rmSync(folder, { recursive: true, force: true })
}

const digestOfSchema = async (): Promise<string> => {
  const migrations = await readMigrations(join(projectRoot, 'migrations'))
  return createHash('sha256').update(JSON.stringify(migrations)).digest('hex')
}

const isPlayedOn = (schema: string, mark: string): boolean => {
  try {
    return (JSON.parse(readFileSync(mark, 'utf8')) as { schema?: string }).schema === schema
  } catch {
    return false
  }
}

const say = (line: string): void => void process.stdout.write(`${line}\n`)

const main = async (): Promise<void> => {
  const folder = resolve(process.env['FORTNIGHT_DEMO_DATA'] ?? '.fortnight/demo')
  const sink = await startMailSink()
  // The published credentials must never be reachable from outside, whatever HOST says.
  const env = {
    PORT: process.env['PORT'],
    LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'warn',
    HOST: '127.0.0.1',
    FORTNIGHT_DATA: folder,
    SMTP_URL: sink.url,
    ORGANISATION: 'Example Operations',
  }
  const config = readConfig(env)
  const log = openLog(config.LOG_LEVEL, 'demo')
  await refuseUnusablePort(config)
  const mark = join(folder, PLAYED)
  const schema = await digestOfSchema()
  // A play that was cut off is no team, and one of an older version is another play: begin again.
  if (!isPlayedOn(schema, mark)) removeUnheld(folder)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const postgres = await startEmbeddedPostgres({ folder: join(folder, 'postgres'), log: () => undefined })
  if (!existsSync(mark)) {
    say('Playing a team up to this minute (about half a minute, once) …')
    await play(postgres.connectionString, folder, sink.url)
    writeFileSync(`${mark}.new`, JSON.stringify({ playedAt: Date.now(), schema }))
    renameSync(`${mark}.new`, mark)
  }
  const serving = await serve({
    config,
    connectionString: postgres.connectionString,
    roles: ['web', 'engine', 'worker', 'watch'],
    log,
    demo: true,
  })
  say(`\nThe demo is ready at ${config.baseUrl}/demo: choose whom to be.`)
  say(
    `API token ${DEMO_TOKEN}, integration key of acme-prod ${DEMO_KEY}. Data in ${folder}; delete it to play anew.\n`,
  )
  let stopping = false
  const stop = (): void => {
    if (stopping) return
    stopping = true
    void serving
      .stop(5_000)
      .then(() => postgres.stop())
      .finally(() => {
        sink.close()
        process.exit(0)
      })
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
}

main().catch((error: unknown) => {
  process.stderr.write(
    `\nThe demo could not start.\n${error instanceof Error ? error.message : String(error)}\n`,
  )
  process.exit(1)
})
