/** How the server starts, stops, is killed and starts again, as somebody meets it who runs it. */
import assert from 'node:assert/strict'
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { until } from '../../src/server/platform/until.fixture.ts'
import {
  alive,
  descendantsOf,
  freePort,
  readyStatus,
  startServer,
  stopServer,
  untilReady,
  type ServerProcess,
} from './server-process.ts'

const onLinux =
  process.platform === 'linux' ? {} : { skip: 'process trees are read from /proc, which only Linux has' }

let folder: string
let port: number
let server: ServerProcess
/** Watches of servers that were killed: they would stay for minutes. */
const left: number[] = []

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fortnight-acceptance-'))
  port = await freePort()
  server = startServer(folder, port)
  await untilReady(server)
})
after(async () => {
  const patience = setTimeout(() => server.child.kill('SIGKILL'), 30_000)
  await stopServer(server)
  clearTimeout(patience)
  for (const { pid } of alive(left)) process.kill(pid, 'SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

const pidOfPostgres = (): number => {
  const [file] = globSync('**/postmaster.pid', { cwd: folder })
  assert.ok(file, 'no postmaster.pid')
  return Number(readFileSync(join(folder, file), 'utf8').split('\n')[0])
}

test('the first start says where to go and how to begin', async () => {
  await until('it greets', () => server.output().includes('Fortnight is ready'))
  assert.match(server.output(), new RegExp(`Fortnight is ready at http://localhost:${port}`))
  assert.match(server.output(), /one-time link/)
})

test('whatever is asked for, the reply carries the security headers and an id', async () => {
  for (const path of [
    '/',
    '/assets/none.js',
    '/api/nothing',
    '/health/live',
    '/metrics',
    '/openapi.json',
    '/%zz',
  ]) {
    const { headers } = await fetch(`${server.url}${path}`)
    assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'/, path)
    assert.equal(headers.get('x-content-type-options'), 'nosniff', path)
    assert.match(headers.get('x-request-id') ?? '', /^[\w-]{12}$/, path)
  }
})

test('a second start on the same folder is refused in one sentence, and the first goes on', async () => {
  const second = startServer(folder, await freePort())
  assert.equal(await second.ended, 1)
  const [, , sentence = ''] = second.output().split('\n')
  assert.match(sentence, /already in use by process \d+/)
  assert.match(sentence, /FORTNIGHT_DATA/)
  assert.doesNotMatch(second.output(), /\n\s+at /)
  assert.equal(await readyStatus(server), 200)
})

test('a port that is in use is told in one sentence before anything is started', async () => {
  const other = join(mkdtempSync(join(tmpdir(), 'fortnight-acceptance-')), 'data')
  const second = startServer(other, port)
  assert.equal(await second.ended, 1)
  assert.match(
    second.output(),
    new RegExp(
      `Port ${port} at 127\\.0\\.0\\.1 is in use by another program, or by a Fortnight that already runs\\. .*PORT=`,
    ),
  )
  assert.doesNotMatch(second.output(), /EADDRINUSE|\n\s+at /)
  assert.equal(existsSync(other), false, 'it made a data folder')
  rmSync(dirname(other), { recursive: true, force: true })
})

test('settings that are not usable are told all at once', async () => {
  const faulty = startServer(folder, port, { LOG_LEVEL: 'loud', SMTP_URL: 'hunter2' })
  assert.equal(await faulty.ended, 1)
  assert.match(faulty.output(), /2 fault.*\nSMTP_URL: .*\nLOG_LEVEL: /)
  assert.doesNotMatch(faulty.output(), /hunter2|\n\s+at /)
})

test('the database is killed: not ready until it is back, then ready again by itself', async () => {
  const seen = new Set<number>()
  process.kill(pidOfPostgres(), 'SIGKILL')
  await until('it says so', async () => {
    seen.add(await readyStatus(server))
    return seen.has(503)
  })
  await until('it is ready again', async () => (await readyStatus(server)) === 200, 30_000)
  assert.deepEqual(
    [...seen].filter((status) => status !== 200 && status !== 503),
    [],
  )
})

test('a child that dies is started again', onLinux, async () => {
  const worker = () =>
    descendantsOf(server.child.pid ?? 0).filter(({ command }) => command.includes('src/server/worker.ts'))
  await until('the worker runs', () => worker().length === 1, 30_000)
  const first = worker()[0]?.pid ?? 0
  process.kill(first, 'SIGKILL')
  await until('another runs', () => worker().some(({ pid }) => pid !== first), 20_000)
})

/** A request whose body is sent in two parts: between them it is under way. */
const halfSent = (agent: Agent) => {
  const body = JSON.stringify({ handle: 'nobody', password: 'nothing' })
  const request = httpRequest(`${server.url}/api/not-there`, {
    method: 'POST',
    agent,
    headers: { 'content-type': 'application/json', 'content-length': body.length },
  })
  request.write(body.slice(0, 5))
  const reply = new Promise<IncomingMessage>((resolve, reject) =>
    request.on('response', resolve).on('error', reject),
  )
  return { finish: () => request.end(body.slice(5)), reply }
}

test(
  'asked to stop: what is under way is finished, kept connections close, nothing is left, and the code is 0',
  onLinux,
  async () => {
    const agent = new Agent({ keepAlive: true })
    const idle = new Agent({ keepAlive: true })
    await new Promise((resolve) => {
      httpRequest(`${server.url}/health/live`, { agent: idle }, (reply) =>
        reply.resume().on('end', resolve),
      ).end()
    })
    const stream = await fetch(`${server.url}/api/live`)
    assert.equal(stream.status, 401)
    const slow = halfSent(agent)
    await until('its connection is there', () => Object.keys(agent.sockets).length === 1)
    const started = descendantsOf(server.child.pid ?? 0).map(({ pid }) => pid)
    assert.ok(started.length >= 3, 'worker, watch and database')
    const stoppedAt = performance.now()
    const said = server.output().length
    server.child.kill('SIGTERM')
    await until('it takes no new connections', async () => (await readyStatus(server)) === 0, 15_000)
    slow.finish()
    const reply = await slow.reply
    assert.equal(reply.statusCode, 404)
    assert.equal(reply.headers['connection'], 'close')
    reply.resume()
    assert.equal(await server.ended, 0, server.output())
    assert.doesNotMatch(server.output().slice(said), /connection was lost/, 'it left connections open')
    assert.ok(performance.now() - stoppedAt < 15_000)
    assert.deepEqual(alive(started), [])
    agent.destroy()
    idle.destroy()
  },
)

test(
  'it starts again, is killed without warning, leaves nothing that could disturb, and starts once more',
  onLinux,
  async () => {
    server = startServer(folder, port)
    await untilReady(server)
    assert.doesNotMatch(server.output(), /brought up to date/)
    const worker = () =>
      descendantsOf(server.child.pid ?? 0).filter(({ command }) => command.includes('src/server/worker.ts'))
    await until('the worker runs', () => worker().length === 1, 30_000)
    const started = descendantsOf(server.child.pid ?? 0)
    // The watch alone stays for some minutes, to tell people that the engine is gone.
    const isWatch = ({ command }: { command: string }): boolean => command.includes('src/server/watch/')
    const others = started.filter((one) => !isWatch(one)).map(({ pid }) => pid)
    left.push(...started.filter(isWatch).map(({ pid }) => pid))
    assert.ok(others.length >= 3, 'worker and database')
    server.child.kill('SIGKILL')
    assert.equal(await server.ended, 'SIGKILL')
    await until('nothing else of it is left', () => alive(others).length === 0, 30_000)
    server = startServer(folder, port)
    await untilReady(server)
  },
)

test('killed twice in a row, the second time while it starts, it still starts', onLinux, async () => {
  left.push(...descendantsOf(server.child.pid ?? 0).map(({ pid }) => pid))
  server.child.kill('SIGKILL')
  await server.ended
  const starting = startServer(folder, port)
  await until('it has begun', () => descendantsOf(starting.child.pid ?? 0).length > 0, 20_000).catch(
    () => undefined,
  )
  left.push(...descendantsOf(starting.child.pid ?? 0).map(({ pid }) => pid))
  starting.child.kill('SIGKILL')
  await starting.ended
  server = startServer(folder, port)
  await untilReady(server)
})
