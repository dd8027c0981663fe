/** What stands in an alert cannot take over the terminal of whoever acknowledges it at night. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { test } from 'node:test'
import { ackCommand, alertsCommand } from '../operations/paging.ts'
import type { Io } from './io.ts'
import { jsonText, printable, printableLines } from './printable.ts'

const EVIL = 'disk\u001b]0;owned\u0007\u009b2J\u202egnp\nYou have it: everything is fine'
const DRIVES = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/

test('one line stays one line, several stay several, and JSON says the same as before', () => {
  assert.doesNotMatch(printable(EVIL), DRIVES)
  assert.equal(printable(EVIL).includes('\n'), false)
  assert.equal(printableLines('a\tb\nc\u001b[2J'), 'a\tb\nc\ufffd[2J')
  assert.deepEqual(JSON.parse(jsonText({ EVIL })), { EVIL })
  assert.doesNotMatch(jsonText({ EVIL }), DRIVES)
})

test('ack and alerts show a hostile title as text, on one line', async () => {
  const environment = { id: '1', slug: 'acme-prod', name: 'Acme production' }
  const alert = {
    id: '01890000-0000-7000-8000-000000000002',
    priority: 'P1',
    status: 'open',
    snoozedUntil: null,
    name: EVIL,
    summary: EVIL,
    startsAt: 0,
    environment,
  }
  const page = {
    id: '01890000-0000-7000-8000-000000000001',
    priority: 'P1',
    title: EVIL,
    environment,
    alerts: [alert],
  }
  const server = createServer((request, reply) => {
    reply.setHeader('content-type', 'application/json')
    const rows = request.url?.startsWith('/api/alerts') ? [alert] : [page, page]
    reply.end(JSON.stringify(request.method === 'GET' ? { rows, next: null } : page))
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as { port: number }
  const lines: string[] = []
  const env = { FORTNIGHT_URL: `http://127.0.0.1:${port}`, FORTNIGHT_TOKEN: 'fnp_x' }
  const io: Io = { out: (line) => lines.push(line), err: (line) => lines.push(line), env, isTerminal: true }
  try {
    await ackCommand.run([page.id], io)
    await alertsCommand.run([], io)
    await alertsCommand.run(['--json'], io)
    await assert.rejects(ackCommand.run([], io), (error: Error) => {
      assert.doesNotMatch(error.message, DRIVES)
      return true
    })
  } finally {
    server.closeAllConnections()
    server.close()
  }
  assert.ok(lines.length > 4)
  for (const line of lines) assert.doesNotMatch(line, DRIVES)
  assert.equal(lines.filter((line) => line.startsWith('You have it')).length, 1)
})
