/** The server's side of a recorded shell: gates, order, hashes, encryption at rest, and what is made of it. */
import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { blobFolder } from '../../platform/blobs.ts'
import { seedTeam, type SeededTeam } from '../../testing/seed.ts'
import { testServer, type TestServer } from '../../testing/test-server.ts'

let server: TestServer
let team: SeededTeam

before(async () => {
  server = await testServer()
  team = await seedTeam(server)
})
after(() => server?.stop())

type Reply = {
  status: number
  body: Record<string, never> & {
    sessionId: string
    code: string
    entry: string
    state: string
    next: number
    number: string
  }
}

const send = async (
  method: 'GET' | 'POST' | 'PUT',
  url: string,
  payload?: unknown,
  more: Record<string, string> = {},
  token = team.engineers[0].token,
): Promise<Reply> => {
  const bytes = Buffer.isBuffer(payload)
  const reply = await server.http.inject({
    method,
    url,
    headers: {
      authorization: `Bearer ${token}`,
      ...(payload ? { 'content-type': bytes ? 'application/gzip' : 'application/json' } : {}),
      ...more,
    },
    ...(payload ? { payload: bytes ? payload : JSON.stringify(payload) } : {}),
  })
  return {
    status: reply.statusCode,
    body: (reply.body.startsWith('{') ? JSON.parse(reply.body) : {}) as Reply['body'],
  }
}

const opening = (more: object) => ({
  localId: randomUUID(),
  environment: 'acme-prod',
  host: 'laptop',
  shell: 'bash',
  ruleset: '1',
  startedAt: server.clock.now(),
  cols: 80,
  rows: 24,
  ...more,
})

const decided = async (): Promise<string> => {
  const { body } = await send('POST', '/api/decisions', {
    environment: 'acme-prod',
    what: 'Drain n1',
    why: 'disk',
    options: [],
    risk: 'none known',
    rollback: 'uncordon',
    validUntil: null,
    cooperation: { kind: 'internal' },
  })
  return body.number
}

const sha = (...parts: Uint8Array[]): Buffer =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()

/** Sends chunks as the recorder does; returns the head after them. */
const sendChunks = async (
  sessionId: string,
  texts: readonly string[],
  from = 0,
  head: Buffer = Buffer.alloc(32),
): Promise<Buffer> => {
  for (const [index, text] of texts.entries()) {
    const bytes = gzipSync(text)
    const digest = sha(bytes)
    head = sha(Buffer.from([3]), head, digest)
    const headers = {
      'x-chunk-sha256': digest.toString('hex'),
      'x-chunk-head': head.toString('hex'),
      'x-chunk-recorded-at': String(server.clock.now()),
    }
    const { status, body } = await send(
      'PUT',
      `/api/recordings/${sessionId}/chunks/${from + index}`,
      bytes,
      headers,
    )
    assert.equal(status, 204, JSON.stringify(body))
  }
  return head
}

const closing = (chunks: number, head: Buffer, more: object = {}) => ({
  chunks,
  head: head.toString('hex'),
  durationMs: 4_000,
  exitCode: 0,
  ended: 'exit',
  commands: [
    {
      n: 1,
      command: 'kubectl get nodes',
      cwd: '/',
      context: 'acme-prod',
      startedAt: server.clock.now(),
      durationMs: 100,
      exitCode: 0,
    },
  ],
  redactions: {},
  lostTailMs: 0,
  forgedMarks: 0,
  shellMarks: true,
  pauses: [],
  redactionRequests: [],
  summary: 'Looked at the nodes',
  ...more,
})

const HEADER = '{"version":3,"term":{"cols":80,"rows":24}}\n'

describe('a recorded shell', () => {
  it('opens as a change only under a decision that covers it, and says what is missing otherwise', async () => {
    const without = await send('POST', '/api/recordings', opening({ kind: 'decided', decision: 'D-999' }))
    assert.equal(without.status, 404)
    const proposal = await send('POST', '/api/decisions', {
      environment: 'acme-prod',
      what: 'x',
      why: 'y',
      options: [],
      risk: '',
      rollback: '',
      validUntil: null,
    })
    const early = await send(
      'POST',
      '/api/recordings',
      opening({ kind: 'decided', decision: proposal.body.number }),
    )
    assert.equal(early.status, 409)
    assert.equal(early.body.code, 'decision-required')
    const covered = await send(
      'POST',
      '/api/recordings',
      opening({ kind: 'decided', decision: await decided() }),
    )
    assert.equal(covered.status, 201)
  })

  it('takes chunks in order, gives back the whole cast, and keeps nothing readable on the disk', async () => {
    const secret = `marker-${randomUUID()}`
    const { body } = await send('POST', '/api/recordings', opening({ kind: 'look' }))
    const head = await sendChunks(body.sessionId, [HEADER, `[0.1,"o","${secret}"]\n`])
    const again = gzipSync('other')
    const wrong = await send('PUT', `/api/recordings/${body.sessionId}/chunks/0`, again, {
      'x-chunk-sha256': sha(again).toString('hex'),
      'x-chunk-head': 'a'.repeat(64),
      'x-chunk-recorded-at': '1700000000000',
    })
    assert.equal(wrong.body.code, 'chunk-differs')
    const skipped = await send('PUT', `/api/recordings/${body.sessionId}/chunks/7`, again, {
      'x-chunk-sha256': sha(again).toString('hex'),
      'x-chunk-head': 'a'.repeat(64),
      'x-chunk-recorded-at': '1700000000000',
    })
    assert.equal(skipped.body.code, 'chunk-out-of-order')
    const closed = await send('POST', `/api/recordings/${body.sessionId}/close`, closing(2, head))
    assert.equal(closed.status, 200, JSON.stringify(closed.body))
    const cast = await server.http.inject({
      url: `/api/recordings/${body.sessionId}/cast`,
      headers: { authorization: `Bearer ${team.auditor.token}` },
    })
    assert.equal(cast.body, `${HEADER}[0.1,"o","${secret}"]\n`)
    const files = readdirSync(blobFolder(server.platform), { recursive: true, withFileTypes: true }).filter(
      (entry) => entry.isFile(),
    )
    assert.ok(files.length >= 2)
    for (const file of files) assert.ok(!readFileSync(join(file.parentPath, file.name)).includes(secret))
    const viewed = await server.platform.database.db
      .selectFrom('events')
      .select('actor_id')
      .where('type', '=', 'session.viewed')
      .where('stream_id', '=', body.sessionId)
      .execute()
    assert.deepEqual(
      viewed.map((row) => row.actor_id),
      [team.auditor.id],
    )
  })

  it('answers a repeated open, chunk and close like the first time', async () => {
    const open = opening({ kind: 'look' })
    const first = await send('POST', '/api/recordings', open)
    assert.equal((await send('POST', '/api/recordings', open)).body.sessionId, first.body.sessionId)
    const head = await sendChunks(first.body.sessionId, [HEADER])
    await sendChunks(first.body.sessionId, [HEADER])
    const close = closing(1, head)
    const closed = await send('POST', `/api/recordings/${first.body.sessionId}/close`, close)
    assert.equal(
      (await send('POST', `/api/recordings/${first.body.sessionId}/close`, close)).body.entry,
      closed.body.entry,
    )
    assert.equal(
      (
        await send(
          'POST',
          `/api/recordings/${first.body.sessionId}/close`,
          closing(1, head, { summary: 'else' }),
        )
      ).body.code,
      'already-closed',
    )
  })

  it('refuses to close while chunks are missing', async () => {
    const { body } = await send('POST', '/api/recordings', opening({ kind: 'look' }))
    assert.equal(
      (await send('POST', `/api/recordings/${body.sessionId}/close`, closing(3, Buffer.alloc(32)))).body.code,
      'chunks-missing',
    )
  })

  it('lists a look in which something was changed as a change without decision', async () => {
    const { body } = await send('POST', '/api/recordings', opening({ kind: 'look' }))
    const head = await sendChunks(body.sessionId, [HEADER])
    await send(
      'POST',
      `/api/recordings/${body.sessionId}/close`,
      closing(1, head, { changedSomething: true }),
    )
    const list = await server.http.inject({
      url: '/api/recordings?withoutDecision=true',
      headers: { authorization: `Bearer ${team.auditor.token}` },
    })
    const { rows, shares } = JSON.parse(list.body) as {
      rows: { id: string }[]
      shares: { changesWithoutDecision: number }
    }
    assert.deepEqual(
      rows.map((row) => row.id),
      [body.sessionId],
    )
    assert.equal(shares.changesWithoutDecision, 1)
  })

  it('becomes a change from the prompt at which a decision is attached', async () => {
    const { body } = await send('POST', '/api/recordings', opening({ kind: 'look' }))
    const attach = { decision: await decided(), atCommand: 4, atMs: 100 }
    assert.equal((await send('POST', `/api/recordings/${body.sessionId}/decision`, attach)).status, 200)
    assert.equal((await send('POST', `/api/recordings/${body.sessionId}/decision`, attach)).status, 200)
    const detail = (await send('GET', `/api/recordings/${body.sessionId}`)).body as unknown as {
      kind: string
      authorities: { kind: string; fromCommand: number }[]
    }
    assert.equal(detail.kind, 'decided')
    assert.deepEqual(
      detail.authorities.map(({ kind, fromCommand }) => [kind, fromCommand]),
      [
        ['look', 1],
        ['decided', 4],
      ],
    )
  })

  it('opens a flagged and owed decision together with a broken glass', async () => {
    const { body } = await send(
      'POST',
      '/api/recordings',
      opening({ kind: 'break-glass', why: 'etcd is full' }),
    )
    const row = await server.platform.database.db
      .selectFrom('recordings')
      .innerJoin('decisions', 'decisions.id', 'recordings.decision_id')
      .select(['decisions.status', 'decisions.owed'])
      .where('recordings.id', '=', body.sessionId)
      .executeTakeFirstOrThrow()
    assert.deepEqual(row, { status: 'break-glass-owed', owed: 'write-up' })
  })

  it('gives up a silent recorder openly, and still takes what it brings later', async () => {
    const { body } = await send('POST', '/api/recordings', opening({ kind: 'look' }))
    server.clock.advance(16 * 60_000)
    await server.tasks.drain()
    assert.equal((await send('GET', `/api/recordings/${body.sessionId}`)).body.state, 'abandoned')
    const head = await sendChunks(body.sessionId, [HEADER])
    assert.equal(
      (await send('POST', `/api/recordings/${body.sessionId}/close`, closing(1, head))).status,
      200,
    )
  })

  it('is written by nobody but its operator, and read by no contact', async () => {
    const { body } = await send('POST', '/api/recordings', opening({ kind: 'look' }))
    const bytes = gzipSync(HEADER)
    const headers = {
      'x-chunk-sha256': sha(bytes).toString('hex'),
      'x-chunk-head': 'a'.repeat(64),
      'x-chunk-recorded-at': '1700000000000',
    }
    assert.equal(
      (
        await send(
          'PUT',
          `/api/recordings/${body.sessionId}/chunks/0`,
          bytes,
          headers,
          team.engineers[1].token,
        )
      ).status,
      404,
    )
    for (const url of [
      `/api/recordings/${body.sessionId}`,
      `/api/recordings/${body.sessionId}/cast`,
      '/api/recordings',
    ]) {
      assert.equal(
        (await server.http.inject({ url, headers: { cookie: team.acmeContact.cookie } })).statusCode,
        403,
      )
    }
  })
})

describe('an Operator Log entry', () => {
  it('is shown to a contact only after its release, and then only what was released', async () => {
    const { body, status } = await send('POST', '/api/operator-log', {
      environment: 'acme-prod',
      category: 'change',
      what: 'Replaced n1',
      summary: 'internal words',
      links: ['https://tickets.example/1'],
    })
    assert.equal(status, 201, JSON.stringify(body))
    const { id } = body as unknown as { id: string }
    const asContact = (url: string) =>
      server.http.inject({ url, headers: { cookie: team.acmeContact.cookie } })
    assert.equal((await asContact(`/api/operator-log/${id}`)).statusCode, 404)
    await send('POST', `/api/operator-log/${id}/release`, { summary: 'A node was replaced.' })
    const shown = await asContact(`/api/operator-log/${id}`)
    assert.match(shown.body, /A node was replaced/)
    assert.doesNotMatch(shown.body, /internal words|tickets\.example/)
    const other = await server.http.inject({
      url: `/api/operator-log/${id}`,
      headers: { cookie: team.globexContact.cookie },
    })
    assert.equal(other.statusCode, 404)
  })

  it('keeps an attached dump byte for byte and hands it out only as a download', async () => {
    const { body } = await send('POST', '/api/operator-log', {
      environment: 'acme-prod',
      category: 'incident',
      what: 'Old dump',
      summary: 's',
    })
    const { id } = body as unknown as { id: string }
    const dump = Buffer.from('<script>alert(1)</script>')
    const reply = await server.http.inject({
      method: 'POST',
      url: `/api/operator-log/${id}/attachments?fileName=dump.html`,
      headers: {
        authorization: `Bearer ${team.engineers[0].token}`,
        'content-type': 'application/octet-stream',
      },
      payload: dump,
    })
    assert.equal(reply.statusCode, 201, reply.body)
    const { attachments } = JSON.parse(reply.body) as { attachments: { id: string }[] }
    const file = await server.http.inject({
      url: `/api/operator-log/${id}/attachments/${attachments[0]?.id}`,
      headers: { authorization: `Bearer ${team.engineers[0].token}` },
    })
    assert.deepEqual(file.rawPayload, dump)
    assert.match(String(file.headers['content-disposition']), /^attachment/)
    assert.doesNotMatch(String(file.headers['content-type']), /html/)
  })
})
