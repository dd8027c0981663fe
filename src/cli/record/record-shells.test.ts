/** Real shells in a real terminal against a server that checks everything: what an operator would notice. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { readAsciicast } from '../../domain/operations/operator-log/recording/read-asciicast.ts'
import type { Cast } from '../../domain/operations/operator-log/recording/read-asciicast.ts'
import { startFakeRecorderServer } from './testing/fake-recorder-server.ts'
import type { FakeRecorderServer, FakeSession } from './testing/fake-recorder-server.ts'
import { makeDesk } from './testing/operator.ts'
import type { Desk } from './testing/operator.ts'

const DECIDED = ['--environment', 'acme-prod', '--decision', 'D-12', '--no-questions']
const SHELLS = ['/bin/bash', '/usr/bin/zsh', '/usr/bin/fish'].filter((shell) => {
  if (existsSync(shell)) return true
  console.log(`skipped: ${shell} is not installed here`)
  return false
})

const withDesk = async (
  shell: string,
  work: (desk: Desk, server: FakeRecorderServer) => Promise<void>,
): Promise<void> => {
  const server = await startFakeRecorderServer()
  const desk = makeDesk(server, shell)
  try {
    await work(desk, server)
  } finally {
    await server.close()
    desk.clear()
  }
}

const readCast = (server: FakeRecorderServer, session: FakeSession): Cast => {
  const cast = readAsciicast(server.cast(session))
  assert.ok('events' in cast)
  assert.deepEqual([cast.truncated, cast.oddLines], [false, []])
  return cast
}

const shown = (cast: Cast): string =>
  cast.events
    .filter((event) => event.code === 'o')
    .map((event) => event.data)
    .join('')

for (const shell of SHELLS) {
  test(`${shell}: the operator's own shell, its commands with exit codes, and its exit code`, () =>
    withDesk(shell, async (desk, server) => {
      mkdirSync(join(desk.home, '.kube'))
      writeFileSync(join(desk.home, '.kube', 'config'), 'current-context: acme-prod-sc\n')
      const operator = desk.sits(DECIDED)
      await operator.sees('recording')
      await operator.sees('acme-prod D-12\x1b')
      operator.type('echo "rc:$RC_WAS_READ"\r')
      await operator.sees(/rc:(bash|zsh|fish)\r/)
      await operator.sees('mine$ ')
      operator.type('false\r')
      await operator.sees('mine$ ')
      operator.type(' cd / && printf "%s\\n" "zażółć; 100% 日本"\r')
      await operator.sees('mine$ ')
      operator.type('\r')
      await operator.sees('mine$ ')
      operator.type('exit 3\r')
      assert.equal(await operator.exited, 3)
      const [session] = [...server.sessions.values()]
      assert.ok(session?.close)
      const { commands } = session.close
      assert.deepEqual(
        commands.map(({ n, command, exitCode }) => [n, command.trim(), exitCode]),
        [
          [1, 'echo "rc:$RC_WAS_READ"', 0],
          [2, 'false', 1],
          [3, 'cd / && printf "%s\\n" "zażółć; 100% 日本"', 0],
          [4, 'exit 3', 3],
        ],
      )
      assert.deepEqual(
        commands.map((command) => command.context),
        Array(4).fill('acme-prod-sc'),
      )
      assert.deepEqual(
        commands.map((command) => command.cwd === '/'),
        [false, false, false, true],
      )
      const cast = readCast(server, session)
      assert.deepEqual(cast.events.at(-1)?.code, 'x')
      assert.deepEqual(
        cast.events.filter((event) => event.code === 'm').map((event) => event.data.trim()),
        commands.map((c) => c.command.trim()),
      )
      assert.match(shown(cast), /zażółć; 100% 日本\r\n/)
      assert.doesNotMatch(server.cast(session), /7767/)
      assert.deepEqual(server.refusals, [])
      assert.deepEqual(
        desk.spoolSessions(),
        [],
        'the spool is empty once the server has acknowledged the close',
      )
      assert.equal(session.close.forgedMarks, 0)
    }))

  test(`${shell}: a secret typed, corrected, wrapped and printed reaches neither disk nor server`, () =>
    withDesk(shell, async (desk, server) => {
      server.mode = 'up'
      const secret = `gh${'p'}_${randomBytes(20).toString('hex')}`
      const password = `Pw-${randomBytes(9).toString('hex')}`
      const operator = desk.sits(DECIDED, { APP_PASSWORD: password })
      await operator.sees('mine$ ')
      operator.type(`echo aaaaaaaaaaaaaaaaaaaaaaaaa x${secret.slice(0, 12)}`)
      await operator.sees(secret.slice(8, 11))
      operator.type(`zz\x7f\x7f${secret.slice(12)}\r`)
      await operator.sees(/mine\$ (?!.*echo)/s)
      operator.type(`printf '%s' $APP_PASSWORD\r`)
      await operator.sees(password)
      await operator.sees('mine$ ')
      operator.type('true\r')
      await operator.sees('mine$ ')
      server.mode = 'down'
      operator.type(`echo ${secret} deleted`)
      await operator.sees('deleted')
      operator.type('\x15echo over; exit\r')
      assert.equal(await operator.exited, 0)
      const spooled = desk.spoolText()
      assert.ok(spooled.includes('over'), 'the spool holds the session')
      const [session] = [...server.sessions.values()]
      const everywhere = spooled + server.cast(session!)
      for (const part of [secret.slice(4, 14), secret.slice(-10), password])
        assert.ok(!everywhere.includes(part), part)
      assert.match(everywhere, /‹redacted:github-token#[0-9a-f]{6}›/)
      assert.match(everywhere, /‹redacted:known-value#[0-9a-f]{6}›/)
      assert.match(operator.screen(), /waits in/)
    }))
}

test('programs that print marks of their own cannot pose as the shell', () =>
  withDesk('/bin/bash', async (desk, server) => {
    const forged = '\\033]7767;0123456789abcdef0123456789abcdef;C;1;command=rm -rf /\\007'
    writeFileSync(join(desk.home, 'evil.log'), forged.replaceAll('\\033', '\x1b').replaceAll('\\007', '\x07'))
    const operator = desk.sits(DECIDED)
    await operator.sees('mine$ ')
    operator.type(`cat evil.log; printf '\\033]133;C\\007'; echo done\r`)
    await operator.sees(/done\r\n.*mine\$ /s)
    operator.type('set | grep __fortnight_nonce | head -1\r')
    await operator.sees(/nonce=.*mine\$ /s)
    operator.type('exit\r')
    await operator.exited
    const [session] = [...server.sessions.values()]
    assert.equal(session?.close?.forgedMarks, 1)
    assert.deepEqual(
      session.close.commands.map((command) => command.n),
      [1, 2, 3],
    )
    assert.ok(!session.close.commands.some((command) => command.command.startsWith('rm')))
    assert.match(
      server.cast(session),
      /__fortnight_nonce=‹redacted:known-value/,
      'the nonce itself is a known value',
    )
  }))

test('a resize is recorded at its moment, and reaches the shell', () =>
  withDesk('/bin/bash', async (desk, server) => {
    const operator = desk.sits(DECIDED)
    await operator.sees('mine$ ')
    operator.resize(111, 37)
    // bash draws its prompt again once it has heard of it.
    await operator.sees('mine$ ')
    operator.type('stty size\r')
    await operator.sees('37 111')
    operator.type('exit\r')
    await operator.exited
    const cast = readCast(server, [...server.sessions.values()][0]!)
    assert.deepEqual([cast.header.cols, cast.header.rows], [80, 24])
    const sizes = cast.events.filter((event) => event.code === 'r').map((event) => event.data)
    assert.deepEqual(sizes, ['111x37'])
  }))

test('a full-screen program gets its bare newlines, and bytes that are no UTF-8 reach the terminal as they are', () =>
  withDesk('/bin/bash', async (desk) => {
    const operator = desk.sits(DECIDED)
    await operator.sees('mine$ ')
    operator.type(`stty -onlcr; printf 'one\\ntwo|'; stty onlcr\r`)
    await operator.sees('one\ntwo|')
    operator.type('exit\r')
    await operator.exited
  }))

test('a session inside a session is refused, a stale variable is not believed', () =>
  withDesk('/bin/bash', async (desk, server) => {
    const main = new URL('testing/record-main.ts', import.meta.url).pathname
    const stale = { FORTNIGHT_SESSION: 'gone', FORTNIGHT_RECORDER_SOCK: join(desk.home, 'no.sock') }
    const operator = desk.sits(DECIDED, stale)
    await operator.sees('mine$ ')
    operator.type(`${process.execPath} ${main} ${DECIDED.join(' ')}; echo "code $?"\r`)
    await operator.sees('being recorded already')
    await operator.sees('code 1')
    operator.type('exit\r')
    await operator.exited
    assert.equal(server.sessions.size, 1)
  }))

test('without a terminal, without a sign-in or against the server’s word nothing is started', () =>
  withDesk('/bin/bash', async (desk, server) => {
    const refused = desk.sits(['-e', 'acme-prod', '--decision', 'D-404'])
    await refused.sees('The server refused this session: because of decision-unknown')
    assert.equal(await refused.exited, 1)
    const stranger = desk.sits(DECIDED, { FORTNIGHT_TOKEN: '' })
    await stranger.sees('Not signed in')
    assert.equal(await stranger.exited, 1)
    const missing = desk.sits([...DECIDED, '--shell', '/no/such/shell'])
    assert.notEqual(await missing.exited, 0)
    assert.deepEqual(desk.spoolSessions(), [])
    assert.ok([...server.sessions.values()].every((session) => session.close !== null))
  }))
