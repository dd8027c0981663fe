/** A period of work in acme-prod through the API, and a pack of it: what the tests of packs begin with. */
import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import '../../all-tasks.ts'
import { systemCtx } from '../../platform/context.ts'
import { webhookBody } from '../../testing/alertmanager-body.ts'
import { seedTeam, type SeededPerson, type SeededTeam } from '../../testing/seed.ts'
import { testServer, type TestServer } from '../../testing/test-server.ts'
import { openSequencer, type Sequencer } from '../ledger/index.ts'
import { sealObservations } from '../ledger/seal-observations.ts'

export type Answer = {
  readonly status: number
  readonly body: Record<string, unknown>
  readonly bytes: Buffer
}

export type Period = {
  readonly server: TestServer
  readonly team: SeededTeam
  readonly sequencer: Sequencer
  readonly from: number
  readonly to: number
  readonly ask: (
    method: 'GET' | 'POST' | 'PUT',
    url: string,
    payload?: unknown,
    person?: SeededPerson,
    headers?: Record<string, string>,
  ) => Promise<Answer>
  /** Asks for a pack of acme-prod, lets a worker build it, and returns what became of it. */
  readonly pack: (more?: object) => Promise<Answer['body']>
  readonly download: (packId: unknown) => Promise<Buffer>
  readonly decide: (what: string, more?: object) => Promise<Record<string, unknown>>
  readonly attach: (entryId: string, fileName: string, bytes: Buffer) => Promise<void>
  readonly recordShell: (decision: string, texts: readonly string[]) => Promise<string>
  readonly stop: () => Promise<void>
}

const sha = (...parts: Uint8Array[]): Buffer =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()

const openAsk =
  (server: TestServer, usual: SeededPerson): Period['ask'] =>
  async (method, url, payload, person = usual, headers = {}) => {
    const bytes = Buffer.isBuffer(payload)
    const reply = await server.http.inject({
      method,
      url,
      headers: { authorization: `Bearer ${person.token}`, ...headers },
      ...(payload === undefined ? {} : { payload: bytes ? payload : (payload as object) }),
    })
    const isJson = reply.body.startsWith('{')
    return { status: reply.statusCode, body: isJson ? JSON.parse(reply.body) : {}, bytes: reply.rawPayload }
  }

const openRecorder =
  (server: TestServer, ask: Period['ask']): Period['recordShell'] =>
  async (decision, texts) => {
    const opened = await ask('POST', '/api/recordings', {
      localId: randomUUID(),
      kind: 'decided',
      decision,
      environment: 'acme-prod',
      host: 'laptop',
      shell: 'bash',
      ruleset: '1',
      startedAt: server.clock.now(),
      cols: 80,
      rows: 24,
    })
    assert.ok(opened.status < 300, JSON.stringify(opened.body))
    const session = String(opened.body['sessionId'])
    let head: Buffer = Buffer.alloc(32)
    for (const [n, text] of texts.entries()) {
      const bytes = gzipSync(text)
      head = sha(Buffer.from([3]), head, sha(bytes))
      const chunk = await ask('PUT', `/api/recordings/${session}/chunks/${n}`, bytes, undefined, {
        'content-type': 'application/gzip',
        'x-chunk-sha256': sha(bytes).toString('hex'),
        'x-chunk-head': head.toString('hex'),
        'x-chunk-recorded-at': String(server.clock.now()),
      })
      assert.equal(chunk.status, 204, JSON.stringify(chunk.body))
    }
    const command = {
      n: 1,
      command: 'kubectl drain n1',
      cwd: '/',
      context: 'acme-prod',
      durationMs: 100,
      exitCode: 0,
    }
    const closed = await ask('POST', `/api/recordings/${session}/close`, {
      chunks: texts.length,
      head: head.toString('hex'),
      durationMs: 4_000,
      exitCode: 0,
      ended: 'exit',
      commands: [{ ...command, startedAt: server.clock.now() }],
      redactions: {},
      lostTailMs: 0,
      forgedMarks: 0,
      shellMarks: true,
      pauses: [],
      redactionRequests: [],
      summary: 'Drained n1 & moved <its> pods',
    })
    assert.ok(closed.status < 300, JSON.stringify(closed.body))
    return session
  }

const openDecide =
  (ask: Period['ask']): Period['decide'] =>
  async (what, more = {}) => {
    const decision = await ask('POST', '/api/decisions', {
      environment: 'acme-prod',
      what,
      why: 'The disk of n1 fills up',
      options: [{ title: 'Drain', chosen: true, note: 'quick' }],
      risk: 'none known',
      rollback: 'uncordon',
      validUntil: null,
      cooperation: { kind: 'internal' },
      ...more,
    })
    assert.ok(decision.status < 300, JSON.stringify(decision.body))
    return decision.body
  }

/** Alerts, a page, a decision, a recorded shell, a log entry with a file; entries before and after the period, too. */
const work = async (period: Omit<Period, 'from' | 'to'>): Promise<{ from: number; to: number }> => {
  const { server, team, ask, decide, attach, recordShell } = period
  const { clock } = server
  await decide('Before the period')
  clock.advance(3_600_000)
  const from = clock.now()
  clock.advance(60_000)
  for (const severity of ['critical', 'warning']) {
    const headers = { authorization: `Bearer ${team.acmeProd.key}` }
    const reply = await server.http.inject({
      method: 'POST',
      url: '/integrations/alertmanager',
      headers,
      payload: webhookBody({ name: `Disk${severity}`, severity }),
    })
    assert.equal(reply.statusCode, 200, reply.body)
    clock.advance(1_000)
  }
  const decision = await decide('Drain n1')
  clock.advance(60_000)
  await recordShell(String(decision['number']), [
    '{"version":3,"term":{"cols":80,"rows":24}}\n',
    '[0.5,"o","hi"]\n',
  ])
  const entry = await ask('POST', '/api/operator-log', {
    environment: 'acme-prod',
    category: 'change',
    what: '=cmd|calc and <script>alert(1)</script>',
    summary: 'Written by hand',
  })
  assert.ok(entry.status < 300, JSON.stringify(entry.body))
  await attach(String(entry.body['id']), 'notes.txt', Buffer.from('plain notes'))
  clock.advance(60_000)
  await sealObservations(systemCtx(server.platform, 'observations.seal'))
  clock.advance(3_600_000)
  const to = clock.now()
  clock.advance(60_000)
  await decide('After the period')
  clock.advance(60_000)
  await decide('Long after the period')
  return { from, to }
}

export const workedPeriod = async (): Promise<Period> => {
  const server = await testServer()
  const team = await seedTeam(server)
  const sequencer = openSequencer(server.platform, server.connectionString)
  assert.ok(sequencer)
  const ask = openAsk(server, team.engineers[0])
  const base = {
    server,
    team,
    sequencer,
    ask,
    decide: openDecide(ask),
    recordShell: openRecorder(server, ask),
    attach: async (entryId: string, fileName: string, bytes: Buffer): Promise<void> => {
      const url = `/api/operator-log/${entryId}/attachments?fileName=${fileName}`
      const reply = await ask('POST', url, bytes, undefined, { 'content-type': 'application/octet-stream' })
      assert.ok(reply.status < 300, JSON.stringify(reply.body))
    },
    pack: async (): Promise<Answer['body']> => ({}),
    download: async (packId: unknown): Promise<Buffer> =>
      (await ask('GET', `/api/evidence/packs/${String(packId)}/download`, undefined, team.auditor)).bytes,
    stop: async (): Promise<void> => {
      await sequencer.stop()
      await server.stop()
    },
  }
  const { from, to } = await work(base)
  // Pages that the alerts called for: their steps are entries, too.
  await server.tasks.drain()
  await sequencer.catchUp()
  const pack = async (more: object = {}): Promise<Answer['body']> => {
    const wanted = { environments: ['acme-prod'], from, to, purpose: 'Sample of changes', ...more }
    const asked = await ask('POST', '/api/evidence/packs', wanted, team.auditor)
    assert.equal(asked.status, 202, JSON.stringify(asked.body))
    for (let tries = 0; ; tries++) {
      await sequencer.catchUp()
      await server.tasks.drain()
      const { body } = await ask(
        'GET',
        `/api/evidence/packs/${String(asked.body['id'])}`,
        undefined,
        team.auditor,
      )
      if (body['status'] !== 'building' || tries === 5) return body
      // Something else that was due wrote entries meanwhile, and the builder waits for them.
      server.clock.advance(500)
    }
  }
  return { ...base, pack, from, to }
}
