/** The disk under the data folder fills up while alerts arrive: senders are told to come back, and what was taken is kept. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { until } from '../../src/server/platform/until.fixture.ts'
import { freePort, startServer, stopServer, untilReady, type ServerProcess } from './server-process.ts'

const MEGABYTE = 2 ** 20
const DISK_MB = 220
/** The first megabytes are written into segments of the log that exist already. */
const MOST_REQUESTS = 400
const ALERTS_A_REQUEST = 50

const folder = mkdtempSync(join(tmpdir(), 'fortnight-full-'))
let mounted = false
let server: ServerProcess | undefined
after(async () => {
  if (server) await stopServer(server)
  if (mounted) execFileSync('umount', ['--lazy', folder], { stdio: 'ignore' })
  rmSync(folder, { recursive: true, force: true })
})

const mountSmallDisk = (): boolean => {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MB}m`, 'fortnight-test', folder], {
      stdio: 'ignore',
    })
    return (mounted = true)
  } catch {
    return false
  }
}

/** Takes all that is left of the disk. @returns gives it back */
const fillDisk = (): (() => void) => {
  const path = join(folder, 'something-else')
  const file = openSync(path, 'w')
  const block = Buffer.alloc(MEGABYTE, 1)
  for (let size = block.length; size >= 4_096; size /= 2)
    try {
      for (;;) writeSync(file, block, 0, size)
    } catch (error) {
      assert.equal((error as NodeJS.ErrnoException).code, 'ENOSPC')
    }
  closeSync(file)
  return () => rmSync(path)
}

type Door = { readonly url: string; readonly cookie: string; readonly key: string }

const setUp = async ({ url, output }: ServerProcess): Promise<Door> => {
  const find = (): string | undefined => /setup\?token=(\S+)/.exec(output())?.[1]
  await until('the setup link is printed', () => find() !== undefined)
  const json = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin', ...headers },
      body: JSON.stringify(body),
    })
  const about = { handle: 'ada', name: 'Ada Example', email: 'ada@example.org', zone: 'Europe/Stockholm' }
  const password = `${crypto.randomUUID()}-${crypto.randomUUID()}`
  const signedIn = await json('/api/setup', { token: find(), organisation: 'Example', ...about, password })
  assert.ok(signedIn.ok, await signedIn.clone().text())
  const cookie = signedIn.headers
    .getSetCookie()
    .map((line) => line.split(';', 1)[0])
    .join('; ')
  await json('/api/customers', { slug: 'acme', name: 'Acme Example' }, { cookie })
  await json('/api/environments', { slug: 'acme-prod', customer: 'acme', name: 'Acme' }, { cookie })
  const made = await json('/api/environments/acme-prod/keys', { name: 'alertmanager' }, { cookie })
  return { url, cookie, key: ((await made.json()) as { secret: string }).secret }
}

const notification = (number: number): string =>
  JSON.stringify({
    version: '4',
    alerts: Array.from({ length: ALERTS_A_REQUEST }, (_, index) => ({
      status: 'firing',
      fingerprint: (number * ALERTS_A_REQUEST + index).toString(16).padStart(16, '0'),
      labels: { alertname: 'DiskFillsUp', severity: 'none', number: `${number}.${index}` },
      annotations: { description: `${number}.${index} `.repeat(100) },
      startsAt: new Date().toISOString(),
    })),
  })

const send = async ({ url, key }: Door, number: number): Promise<{ status: number; body: string }> => {
  const reply = await fetch(`${url}/integrations/alertmanager`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: notification(number),
  })
  return { status: reply.status, body: await reply.text() }
}

const countAlerts = async ({ url, cookie }: Door): Promise<number> => {
  let count = 0
  let after: string | null = null
  do {
    const query: string = after ? `&after=${encodeURIComponent(after)}` : ''
    const reply = await fetch(`${url}/api/alerts?limit=200${query}`, { headers: { cookie } })
    const { rows, next } = (await reply.json()) as { rows: unknown[]; next: string | null }
    count += rows.length
    after = next
  } while (after)
  return count
}

test('a full disk refuses with 503 and a sentence; freed, the server goes on by itself and holds what it took', async (t) => {
  if (!mountSmallDisk()) return t.skip('a small disk cannot be mounted here (not root, or no right to mount)')
  server = startServer(folder, await freePort())
  await untilReady(server)
  const door = await setUp(server)
  let taken = 0
  for (; taken < 20; taken++) assert.equal((await send(door, taken)).status, 200)
  const free = fillDisk()
  let refused: { status: number; body: string } | undefined
  while (!refused && taken < MOST_REQUESTS) {
    const reply = await send(door, taken)
    if (reply.status === 200) taken += 1
    else refused = reply
  }
  assert.ok(refused, `the disk took ${taken} requests and was never full`)
  assert.equal(refused.status, 503)
  const { detail } = JSON.parse(refused.body) as { detail: string }
  assert.match(detail, /Nothing .*stored|not stored/i)
  assert.match(detail, /again/i)

  free()
  // The database may have stopped for want of room; it is started again without anybody's help.
  let last = refused.status
  await until(
    'alerts are taken again',
    async () => {
      last = (await send(door, taken).catch(() => ({ status: 0 }))).status
      return last === 200
    },
    60_000,
  ).catch((error: Error) => assert.fail(`${error.message}; last answer ${last}\n${server?.output()}`))
  taken += 1
  assert.equal(await countAlerts(door), taken * ALERTS_A_REQUEST)
  t.diagnostic(`${taken} requests of ${ALERTS_A_REQUEST} alerts were taken and are held`)
})
