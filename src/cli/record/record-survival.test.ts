/** What survives: a killed recorder, a lost connection, a closed window, a flood. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { readAsciicast } from '../../domain/operations/operator-log/recording/read-asciicast.ts'
import { startFakeRecorderServer } from './testing/fake-recorder-server.ts'
import type { FakeRecorderServer, FakeSession } from './testing/fake-recorder-server.ts'
import { makeDesk } from './testing/operator.ts'
import type { Desk } from './testing/operator.ts'

const DECIDED = ['--environment', 'acme-prod', '--decision', 'D-12', '--no-questions']

const withDesk = async (work: (desk: Desk, server: FakeRecorderServer) => Promise<void>): Promise<void> => {
  const server = await startFakeRecorderServer()
  const desk = makeDesk(server, '/bin/bash')
  try {
    await work(desk, server)
  } finally {
    await server.close()
    desk.clear()
  }
}

const only = (server: FakeRecorderServer): FakeSession => {
  assert.equal(server.sessions.size, 1)
  return [...server.sessions.values()][0]!
}

/** What the recording shows, as one text. */
const shown = (server: FakeRecorderServer, session: FakeSession): string => {
  const cast = readAsciicast(server.cast(session))
  assert.ok('events' in cast)
  return cast.events.map((event) => (event.code === 'o' ? event.data : '')).join('')
}

/** Polls a fact on the disk; gives how long it took. */
const soon = async (isSo: () => boolean, timeoutMs = 20_000): Promise<number> => {
  const startedAt = performance.now()
  while (!isSo()) {
    if (performance.now() - startedAt > timeoutMs) throw new Error('it did not come about')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  return performance.now() - startedAt
}

const upload = async (desk: Desk): Promise<string> => {
  const operator = desk.sits(['--upload'])
  await operator.exited
  return operator.screen()
}

test('kill -9: what is older than a second is there, nothing unredacted is, and the lost tail is declared', () =>
  withDesk(async (desk, server) => {
    const secret = `gh${'p'}_${randomBytes(20).toString('hex')}`
    const operator = desk.sits(DECIDED)
    await operator.sees('mine$ ')
    operator.type('echo first-line\r')
    await operator.sees('first-line\r\n')
    const tookMs = await soon(() => /first-line\\r\\n"/.test(desk.spoolText()))
    // A second is promised; a starved test machine gets two.
    assert.ok(tookMs < 2_000, `on the disk after ${tookMs.toFixed(0)} ms`)
    operator.type(
      `clear; printf '${secret.slice(0, 20)}''${secret.slice(20)}\\n-----BEGIN EC PRIVATE'' KEY-----\\nheld-tail'; sleep 100\r`,
    )
    await operator.sees('held-tail')
    await soon(() => /"heldSinceMs":\d/.test(desk.spoolText()))
    await soon(() => desk.spoolText().includes('‹redacted:github-token'))
    const before = desk.spoolText()
    operator.kill('SIGKILL')
    await operator.exited
    assert.ok(!before.includes(secret.slice(4)) && !before.includes('held-tail\\'))
    assert.match(await upload(desk), /uploaded.*acme-prod.*D-12.*up to \d+ s of its end lost/)
    const session = only(server)
    const cast = server.cast(session)
    assert.match(cast, /first-line\\r\\n/)
    assert.ok(!cast.includes(secret.slice(4)))
    assert.ok(!cast.includes('held-tail\\'), 'what was held back is lost, not stored unredacted')
    assert.ok(session.close)
    assert.equal(session.close.ended, 'recorder-lost')
    assert.equal(session.close.exitCode, null)
    assert.ok(session.close.lostTailMs >= 1_000)
    assert.deepEqual(
      session.close.commands.map(({ n, durationMs }) => [n, durationMs === null]),
      [
        [1, false],
        [2, true],
      ],
    )
    assert.ok((session.close.redactions['github-token'] ?? 0) >= 1)
    assert.deepEqual(desk.spoolSessions(), [])
  }))

test('the spool is for its owner alone', () =>
  withDesk(async (desk) => {
    const operator = desk.sits(DECIDED)
    await operator.sees('mine$ ')
    await soon(() => desk.spoolText().includes('mine$'))
    const [name] = desk.spoolSessions()
    assert.equal(statSync(join(desk.spool, name!)).mode & 0o777, 0o700)
    assert.equal(statSync(join(desk.spool, name!, 'session.json')).mode & 0o777, 0o600)
    const { socketPath } = JSON.parse(readFileSync(join(desk.spool, name!, 'session.json'), 'utf8')) as {
      socketPath: string
    }
    assert.equal(statSync(socketPath).mode & 0o777, 0o600)
    assert.equal(statSync(join(socketPath, '..')).mode & 0o777, 0o700)
    operator.type('exit\r')
    await operator.exited
  }))

test('a connection lost in the middle is made good, in order and without a gap', () =>
  withDesk(async (desk, server) => {
    const operator = desk.sits(DECIDED)
    await operator.sees('mine$ ')
    operator.type('seq 1 60000 | sed s/^/line-/\r')
    await operator.sees('line-60000')
    await server.whenSession((session) => session.chunks.length >= 1)
    server.mode = 'down'
    operator.type('seq 1 60000 | sed s/^/more-/\r')
    await operator.sees('more-60000')
    operator.type('\r')
    await operator.sees('offline\x1b')
    server.mode = 'up'
    server.loseAnswers = 2
    await server.whenSession((session) => server.cast(session).includes('more-59000'))
    await soon(() => server.loseAnswers === 0)
    operator.type('\r\r')
    await operator.sees(/D-12\x1b/)
    operator.type('exit\r')
    await operator.exited
    const session = only(server)
    assert.ok(session.close)
    const numbers = [...shown(server, session).matchAll(/^more-(\d+)\r$/gm)].map((match) => Number(match[1]))
    assert.deepEqual(
      numbers,
      Array.from({ length: 60_000 }, (_, i) => i + 1),
    )
    assert.deepEqual(server.refusals, [])
    assert.deepEqual(desk.spoolSessions(), [])
  }))

test('the server is away at the end: the session waits, is listed, and the next session takes it along', () =>
  withDesk(async (desk, server) => {
    const operator = desk.sits(DECIDED)
    await operator.sees('mine$ ')
    server.mode = 'down'
    operator.type('echo kept; exit\r')
    await operator.sees('waits in')
    await operator.exited
    const list = desk.sits(['--list'])
    await list.sees(/acme-prod {2}D-12 .* not wholly uploaded/)
    assert.equal(await list.exited, 1)
    server.mode = 'up'
    const next = desk.sits(['-e', 'acme-prod', '--look', '--no-questions'])
    await next.sees('1 earlier session on this machine')
    await server.whenSession((session) => session.close !== null && session.open.decision === 'D-12')
    await next.sees('mine$ ')
    next.type('exit\r')
    await next.sees('Also uploaded: the session of')
    await next.exited
    assert.match(server.cast([...server.sessions.values()][0]!), /kept\\r\\n/)
    assert.deepEqual(desk.spoolSessions(), [])
  }))

test('no server at the start: a flagged break-glass in the spool, uploaded later with the time it was recorded', () =>
  withDesk(async (desk, server) => {
    server.mode = 'down'
    const operator = desk.sits(DECIDED)
    await operator.sees('The server cannot be reached')
    await operator.sees('acme-prod D-12 offline\x1b')
    operator.type('echo emergency; exit\r')
    assert.equal(await operator.exited, 0)
    const endedAt = Date.now()
    server.mode = 'up'
    await upload(desk)
    const session = only(server)
    const { open, close } = session
    assert.equal(open.kind, 'break-glass')
    assert.equal(open.decision, 'D-12')
    assert.equal(open.offline?.requestedKind, 'decided')
    assert.match(open.why ?? '', /could not be reached/)
    assert.ok(open.startedAt < endedAt && session.openedAt >= endedAt, 'recorded before it was received')
    assert.ok(session.chunks.every((chunk) => chunk.recordedAt <= endedAt))
    assert.equal(close?.ended, 'exit')
    assert.match(server.cast(session), /emergency\\r\\n/)
  }))

test('a server that comes back while the session runs gets it while it runs', () =>
  withDesk(async (desk, server) => {
    server.mode = 'down'
    const operator = desk.sits(DECIDED)
    await operator.sees('offline\x1b')
    server.mode = 'up'
    await server.whenSession((session) => session.open.offline !== undefined)
    operator.type('exit\r')
    await operator.exited
    assert.ok(only(server).close)
  }))

test('an open whose answer was lost is not opened twice', () =>
  withDesk(async (desk, server) => {
    server.loseAnswers = 1
    const operator = desk.sits(DECIDED)
    await operator.sees('mine$ ')
    operator.type('exit\r')
    await operator.exited
    const session = only(server)
    assert.equal(session.opens, 2)
    assert.ok(session.close)
  }))

test('what the server refuses is kept, and said', () =>
  withDesk(async (desk, server) => {
    const operator = desk.sits(DECIDED)
    await operator.sees('mine$ ')
    server.mode = { refuse: 'account-suspended' }
    operator.type('echo x; exit\r')
    await operator.sees('The server refused it')
    await operator.sees('because of account-suspended')
    await operator.exited
    assert.equal(desk.spoolSessions().length, 1)
    assert.match(await upload(desk), /kept .*acme-prod[\s\S]*account-suspended/)
    assert.equal(desk.spoolSessions().length, 1)
  }))

test('a closed window ends the session in order, with everything in it', () =>
  withDesk(async (desk, server) => {
    const operator = desk.sits(DECIDED)
    await operator.sees('mine$ ')
    operator.type('echo before; printf held-back; sleep 100\r')
    await operator.sees('held-back')
    operator.kill('SIGHUP')
    assert.equal(await operator.exited, 129)
    const { close } = only(server)
    assert.equal(close?.ended, 'signal')
    assert.equal(close?.lostTailMs, 0)
    assert.match(server.cast(only(server)), /held-back/)
  }))

test('twenty megabytes are recorded whole, in chunks of their size, in bounded memory', () =>
  withDesk(async (desk, server) => {
    const operator = desk.sits(DECIDED)
    await operator.sees('mine$ ')
    operator.type('seq 1 2500000; grep VmHWM /proc/$PPID/status >peak; exit\r')
    await operator.exited
    const peakKb = Number(/\d+/.exec(readFileSync(join(desk.home, 'peak'), 'utf8'))?.[0])
    const session = only(server)
    const text = shown(server, session)
    assert.ok(text.length > 20_000_000, String(text.length))
    assert.match(text.slice(-200), /2499999\r\n2500000\r\n/)
    assert.ok(session.chunks.length > 70)
    assert.ok(peakKb < 400_000, `${peakKb} kB`)
    console.log(`20 MB: ${session.chunks.length} chunks, peak ${Math.round(peakKb / 1024)} MB resident`)
  }))

test('a decision attached from inside counts from the next prompt on, and stands there', () =>
  withDesk(async (desk, server) => {
    const attach = join(desk.home, 'decide.ts')
    const inside = new URL('inside.ts', import.meta.url).href
    writeFileSync(
      attach,
      `import { attachDecision } from '${inside}'\nconst reply = await attachDecision(process.env, process.argv[2])\nconsole.log(String(reply.ok), reply.detail)\n`,
    )
    const decide = `${process.execPath} ${attach}`
    const operator = desk.sits(['-e', 'acme-prod', '--look', '--alert', 'A-3'])
    await operator.sees('acme-prod look\x1b')
    operator.type('kubectl get pods\r')
    await operator.sees('look\x1b')
    operator.type(`${decide} D-404\r`)
    await operator.sees('false because of decision-unknown')
    operator.type(`${decide} D-13\r`)
    await operator.sees('true From the next prompt on this is a change under D-13')
    await operator.sees('acme-prod D-13\x1b')
    operator.type('echo changed; exit\r')
    await operator.sees('what did you do?')
    operator.type('Raised the limit\r')
    await operator.exited
    const { decisions, close, open } = only(server)
    assert.deepEqual(
      decisions.map(({ decision, atCommand }) => [decision, atCommand]),
      [['D-13', 4]],
    )
    assert.equal(open.alertId, 'A-3')
    assert.equal(close?.commands[3]?.command, 'echo changed; exit')
    assert.equal(close?.summary, 'Raised the limit')
    assert.equal(close?.changedSomething, undefined, 'not a mere look any more')
  }))

test('a look is asked at its end whether it stayed one', () =>
  withDesk(async (desk, server) => {
    const operator = desk.sits(['-e', 'acme-prod', '--look'])
    await operator.sees('mine$ ')
    operator.type('exit\r')
    await operator.sees('Did you change anything?')
    operator.type('Raised the limit\r')
    await operator.sees('Did you change anything?')
    operator.type('y\r')
    await operator.sees('what did you do?')
    operator.type('\r')
    await operator.exited
    assert.equal(only(server).close?.changedSomething, true)
  }))

test('a pause leaves a gap with a reason, and what was just shown can be cut', () =>
  withDesk(async (desk, server) => {
    const record = `${process.execPath} ${new URL('testing/record-main.ts', import.meta.url).pathname}`
    const operator = desk.sits(DECIDED)
    await operator.sees('mine$ ')
    operator.type(`${record} --pause 'a private call'\r`)
    await operator.sees('‖')
    operator.type('echo nobody-sees-this\r')
    await operator.sees('PAUSED\x1b')
    operator.type(`${record} --resume\r`)
    await operator.sees('Recording again')
    operator.type('echo seen-again\r')
    await operator.sees('mine$ ')
    operator.type('echo a-slip\r')
    await operator.sees('mine$ ')
    operator.type(`${record} --redact-last 60s a slip\r`)
    await operator.sees(/Cut (here|before)/)
    operator.type('exit\r')
    await operator.exited
    const { close } = only(server)
    const cast = server.cast(only(server))
    assert.ok(!cast.includes('nobody-sees-this'))
    assert.match(cast, /recording paused: a private call/)
    assert.equal(close?.pauses.length, 1)
    assert.ok(!close.commands.some((command) => command.command.includes('nobody')))
    // On a slow machine the chunk may be sealed by then; the operator is told which it was.
    if (operator.screen().includes('Cut before it was sent')) assert.ok(!cast.includes('a-slip'))
    assert.ok(close.commands.every((command) => !command.command.includes('a-slip')))
    assert.deepEqual(
      close.redactionRequests.map((request) => request.why),
      ['a slip'],
    )
  }))

test('what was sent already is cut by the server, which is told once it holds it', () =>
  withDesk(async (desk, server) => {
    const record = `${process.execPath} ${new URL('testing/record-main.ts', import.meta.url).pathname}`
    const operator = desk.sits(DECIDED)
    await operator.sees('mine$ ')
    operator.type('echo sent-$((1+1))-slip\r')
    await operator.sees('sent-2-slip')
    await server.whenSession((session) => server.cast(session).includes('sent-2-slip'))
    operator.type(`${record} --redact-last 60s a slip\r`)
    await operator.sees('the server cuts what was sent already')
    const session = await server.whenSession(({ cuts }) => cuts.length > 0)
    const sent = session.chunks.findIndex((chunk) => gunzipSync(chunk.bytes).includes('sent-2-slip'))
    assert.ok(session.cuts[0]!.stored > sent, 'after the chunks that it is about')
    operator.type('exit\r')
    await operator.exited
    assert.equal(session.cuts.length, 1)
    assert.equal(session.close?.chunks, session.chunks.length)
    assert.deepEqual(server.refusals, [])
  }))
