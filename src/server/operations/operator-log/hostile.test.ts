/** What somebody who means harm, or whose recorder is broken, cannot do to the Operator Log and its recordings. */
import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
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

const HOUR = 3_600_000
type Json = Record<string, never> & { id: string; number: string; sessionId: string; code: string }

const send = async (method: 'GET' | 'POST' | 'PUT', url: string, payload?: object, headers = {}) => {
  const raw = Buffer.isBuffer(payload)
  const reply = await server.http.inject({
    method,
    url,
    headers: {
      authorization: `Bearer ${team.engineers[0].token}`,
      ...(payload ? { 'content-type': raw ? 'application/gzip' : 'application/json' } : {}),
      ...headers,
    },
    ...(payload ? { payload: raw ? payload : JSON.stringify(payload) } : {}),
  })
  return {
    status: reply.statusCode,
    text: reply.body,
    body: (String(reply.headers['content-type']).includes('json') ? reply.json() : {}) as Json,
  }
}
const asContact = (url: string) => server.http.inject({ url, headers: { cookie: team.acmeContact.cookie } })

const opening = (more: object = {}) => ({
  localId: randomUUID(),
  kind: 'look',
  environment: 'acme-prod',
  host: 'laptop',
  shell: 'bash',
  ruleset: '1',
  startedAt: server.clock.now(),
  cols: 80,
  rows: 24,
  ...more,
})
const terms = {
  what: 'Drain',
  why: 'disk',
  options: [],
  risk: 'none',
  rollback: 'uncordon',
  validUntil: null,
}
const decided = async (environment = 'acme-prod'): Promise<Json> =>
  (await send('POST', '/api/decisions', { ...terms, environment, cooperation: { kind: 'internal' } })).body

const sha = (...parts: Uint8Array[]): Buffer =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()
const chunkHeaders = (bytes: Buffer, before: Buffer) => {
  const head = sha(Buffer.from([3]), before, sha(bytes))
  return {
    head,
    headers: {
      'x-chunk-sha256': sha(bytes).toString('hex'),
      'x-chunk-head': head.toString('hex'),
      'x-chunk-recorded-at': String(server.clock.now()),
    },
  }
}
const progress = (commands: number) => ({ chunks: 0, head: '0'.repeat(64), durationMs: 1, commands })

describe('the entries a customer is shown', () => {
  it('neither show nor give away by search a word that was not released', async () => {
    const { body } = await send('POST', '/api/operator-log', {
      environment: 'acme-prod',
      category: 'change',
      what: 'Titleword rotated after a leak',
      summary: 'the old one was Hunterword',
      tooling: 'Toolword',
    })
    await send('POST', `/api/operator-log/${body.id}/release`, {
      summary: '\nA secret was rotated.\nAll is well.',
    })
    const found = async (word: string): Promise<number> =>
      (await asContact(`/api/operator-log?search=${word}`)).json<{ rows: unknown[] }>().rows.length
    assert.equal(await found('rotated'), 1)
    for (const word of ['Titleword', 'Hunterword', 'Toolword', 'summary', 'releasedSummary'])
      assert.equal(await found(word), 0, word)
    for (const url of [`/api/operator-log/${body.id}`, '/api/operator-log']) {
      const shown = (await asContact(url)).body
      assert.doesNotMatch(shown, /Titleword|Hunterword|Toolword/)
      assert.match(shown, /"what":"A secret was rotated\."/)
    }
  })

  it('are found by their own words, quotes and line breaks included, and not by what stands around them', async () => {
    await send('POST', '/api/operator-log', {
      environment: 'acme-prod',
      category: 'change',
      what: 'said "yes" twice',
      summary: 'one\ntwo',
    })
    const found = async (search: string) =>
      (await send('GET', `/api/operator-log?search=${encodeURIComponent(search)}`)).body as unknown as {
        rows: []
      }
    assert.equal((await found('"yes"')).rows.length, 1)
    assert.equal((await found('tooling')).rows.length, 0)
  })

  it('point at no record of another environment', async () => {
    const foreign = await decided('globex-prod')
    const entry = { environment: 'acme-prod', category: 'change', what: 'w', summary: 's' }
    assert.equal((await send('POST', '/api/operator-log', { ...entry, decisionId: foreign.id })).status, 404)
    assert.equal(
      (await send('POST', '/api/operator-log', { ...entry, incidentId: randomUUID() })).status,
      404,
    )
  })

  it('take a file by any name', async () => {
    const { body } = await send('POST', '/api/operator-log', {
      environment: 'acme-prod',
      category: 'look',
      what: 'w',
      summary: 's',
    })
    for (const name of ['notes.constructor', 'notes.__proto__', 'notes.toString']) {
      const url = `/api/operator-log/${body.id}/attachments?fileName=${name}`
      const reply = await send('POST', url, Buffer.from('x'), { 'content-type': 'application/octet-stream' })
      assert.equal(reply.status, 201, reply.text)
    }
  })
})

describe('a decision and a shell', () => {
  it('does not reach back over commands that were typed before it stood', async () => {
    const { body } = await send('POST', '/api/recordings', opening())
    await send('POST', `/api/recordings/${body.sessionId}/progress`, progress(50))
    server.clock.advance(1_000)
    const { number } = await decided()
    const attach = (atCommand: number) =>
      send('POST', `/api/recordings/${body.sessionId}/decision`, { decision: number, atCommand, atMs: 1_000 })
    const back = await attach(1)
    assert.equal(back.body.code, 'prompt-passed', back.text)
    assert.equal((await attach(51)).status, 200)
  })

  it('does not cover what was changed out of sight before it was made', async () => {
    const { number } = await decided()
    const before = {
      startedAt: server.clock.now() - HOUR,
      offline: { requestedKind: 'decided', reason: 'train' },
    }
    const late = await send(
      'POST',
      '/api/recordings',
      opening({ kind: 'decided', decision: number, ...before }),
    )
    assert.equal(late.body.code, 'decision-required', late.text)
    const glass = await send(
      'POST',
      '/api/recordings',
      opening({ kind: 'break-glass', why: 'train', ...before }),
    )
    const url = `/api/recordings/${glass.body.sessionId}/decision`
    const early = await send('POST', url, { decision: number, atCommand: 2, atMs: 60_000 })
    assert.equal(early.body.code, 'decision-required', early.text)
    assert.equal(
      (await send('POST', url, { decision: number, atCommand: 9, atMs: HOUR + 1_000 })).status,
      200,
    )
  })

  it('began when we heard of it, unless it was out of reach', async () => {
    const { body } = await send('POST', '/api/recordings', opening({ startedAt: 1_000_000_000 }))
    const shown = (await send('GET', `/api/recordings/${body.sessionId}`)).body as unknown as {
      startedAt: number
    }
    assert.ok(server.clock.now() - shown.startedAt <= 10 * 60_000)
  })

  it('counts a look whose end nobody explained as undeclared', async () => {
    const undeclared = async () =>
      ((await send('GET', '/api/recordings')).body as unknown as { shares: { undeclared: number } }).shares
        .undeclared
    const before = await undeclared()
    for (const said of [{}, { changedSomething: false }]) {
      const { body } = await send('POST', '/api/recordings', opening())
      const reply = await send('POST', `/api/recordings/${body.sessionId}/close`, { ...closing, ...said })
      assert.equal(reply.status, 200, reply.text)
    }
    assert.equal(await undeclared(), before + 1)
  })
})

const closing = {
  chunks: 0,
  head: '0'.repeat(64),
  durationMs: 1,
  exitCode: 0,
  ended: 'exit',
  commands: [],
  redactions: {},
  lostTailMs: 0,
  forgedMarks: 0,
  shellMarks: true,
  pauses: [],
  redactionRequests: [],
}

describe('a recording', () => {
  const open = async () => (await send('POST', '/api/recordings', opening())).body.sessionId

  it('takes no chunk that cannot be unpacked, or that unpacks to more than a recorder ever sends', async () => {
    const sessionId = await open()
    for (const [bytes, status] of [
      [gzipSync(Buffer.alloc(64 * 1024 * 1024)), 413],
      [Buffer.from('no gzip at all'), 400],
      [gzipSync('cut short, as by a broken disk').subarray(0, 20), 400],
    ] as const) {
      const { headers } = chunkHeaders(bytes, Buffer.alloc(32))
      assert.equal(
        (await send('PUT', `/api/recordings/${sessionId}/chunks/0`, bytes, headers)).status,
        status,
      )
    }
    const next = (await send('GET', `/api/recordings/${sessionId}`)).body as unknown as { next: number }
    assert.equal(next.next, 0)
  })

  it('is played around a part whose bytes were changed', async () => {
    const sessionId = await open()
    let before: Buffer = Buffer.alloc(32)
    for (const [n, text] of ['{"version":3}\n', '[1,"o","lost"]\n', '[1,"o","kept"]\n'].entries()) {
      const bytes = gzipSync(text)
      const { head, headers } = chunkHeaders(bytes, before)
      before = head
      assert.equal(
        (await send('PUT', `/api/recordings/${sessionId}/chunks/${n}`, bytes, headers)).status,
        204,
      )
    }
    writeFileSync(
      join(blobFolder(server.platform), 'recordings', sessionId, '000001.enc'),
      'something else entirely',
    )
    const cast = await send('GET', `/api/recordings/${sessionId}/cast`)
    assert.equal(
      cast.text,
      '{"version":3}\n[0,"m","Part 2 of this recording cannot be read."]\n[1,"o","kept"]\n',
    )
  })

  it('refuses numbers that no column holds, and times that no calendar has', async () => {
    const sessionId = await open()
    for (const said of [
      { durationMs: 1e300 },
      { lostTailMs: 1e300 },
      { exitCode: 9e15 },
      { forgedMarks: 9e15 },
    ]) {
      const reply = await send('POST', `/api/recordings/${sessionId}/close`, { ...closing, ...said })
      assert.equal(reply.status, 422, reply.text)
    }
    assert.equal((await send('POST', `/api/recordings/${sessionId}/progress`, progress(9e15))).status, 422)
    for (const startedAt of [-1, 9e15])
      assert.equal((await send('POST', '/api/recordings', opening({ startedAt }))).status, 422)
    const decision = '-'.repeat(36)
    assert.equal((await send('POST', '/api/recordings', opening({ kind: 'decided', decision }))).status, 422)
  })

  it('judges twenty hostile links as fast as twenty good ones', async () => {
    const processorMs = async (link: string, status: number): Promise<number> => {
      const before = process.cpuUsage()
      const links = Array.from({ length: 20 }, () => link)
      const entry = { environment: 'acme-prod', category: 'look', what: 'w', summary: 's', links }
      assert.equal((await send('POST', '/api/operator-log', entry)).status, status)
      const { user, system } = process.cpuUsage(before)
      return (user + system) / 1_000
    }
    await processorMs('OPS-1', 201)
    const good = await processorMs(`https://example.org/${'x'.repeat(1_900)}`, 201)
    const hostile = await processorMs(`a${'-'.repeat(1_990)} `, 422)
    assert.ok(hostile < 10 * Math.max(good, 50), `good ${good} ms, hostile ${hostile} ms`)
  })
})
