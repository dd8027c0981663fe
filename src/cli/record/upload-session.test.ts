/** The upload against a server that loses answers, forgets, or has something else in the session's place. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { httpRecorderServer } from './http-recorder-server.ts'
import type { AttachDecision, CloseSession, OpenedSession, OpenSession } from './server-port.ts'
import { openChunkStore } from './spool/chunk-store.ts'
import { startFakeRecorderServer } from './testing/fake-recorder-server.ts'
import type { FakeRecorderServer } from './testing/fake-recorder-server.ts'
import { openUpload } from './upload-session.ts'
import type { Upload } from './upload-session.ts'

const TIMING = { retryMinMs: 5, retryMaxMs: 20, progressEveryMs: 20 }
const OPEN: OpenSession = {
  localId: 'local-1',
  kind: 'look',
  environment: 'acme-prod',
  host: 'laptop',
  shell: 'bash',
  ruleset: 'test',
  startedAt: 1_000,
  cols: 80,
  rows: 24,
}

type Made = {
  readonly server: FakeRecorderServer
  readonly upload: Upload
  readonly seal: (text: string) => Promise<void>
  readonly close: () => CloseSession
  readonly refused: string[]
}

const make = async (t: TestContext, decisions: AttachDecision[] = []): Promise<Made> => {
  const server = await startFakeRecorderServer()
  const directory = mkdtempSync(join(tmpdir(), 'fortnight-upload-'))
  const store = openChunkStore({
    directory,
    headerLine: '{"version":3}',
    startedAt: 1_000,
    onSealed: () => upload.wake(),
  })
  let opened: OpenedSession | null = null
  let close: CloseSession | null = null
  const refused: string[] = []
  const upload = openUpload(
    httpRecorderServer({ url: server.url, token: server.token }),
    {
      directory,
      open: OPEN,
      opened: () => opened,
      setOpened: async (answer) => {
        opened = answer
      },
      chunks: () => store.chunks(),
      undelivered: () => decisions,
      delivered: (done) => void decisions.splice(decisions.indexOf(done), 1),
      refusedDecision: ({ decision }, fault) => void refused.push(`${decision} ${fault.code}`),
      progress: () => ({
        chunks: store.chunks().length,
        head: store.chunks().at(-1)?.head ?? '',
        durationMs: 1,
        commands: 0,
      }),
      close: () => close,
    },
    () => {},
    TIMING,
  )
  t.after(async () => {
    upload.stop()
    await server.close()
    rmSync(directory, { recursive: true })
  })
  return {
    server,
    upload,
    refused,
    seal: async (text) => {
      store.append([{ atMs: 1, code: 'o', data: text }])
      await store.seal()
    },
    close: () => {
      const chunks = store.chunks()
      return (close = {
        chunks: chunks.length,
        head: chunks.at(-1)!.head,
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
      })
    },
  }
}

test('every answer may be lost once, and everything is there once', async (t) => {
  const { server, upload, seal, close } = await make(t)
  for (const text of ['a', 'b', 'c']) {
    await seal(text)
    server.loseAnswers++
  }
  server.loseAnswers += 4
  close()
  let state = await upload.finish(10_000)
  while (state.kind === 'unreachable') state = await upload.finish(10_000)
  assert.equal(state.kind, 'closed')
  const [session] = [...server.sessions.values()]
  assert.equal(session?.chunks.length, 3)
  assert.deepEqual(server.refusals, [])
  assert.equal(server.sessions.size, 1)
})

test('a server set back to an earlier chunk is brought forward again', async (t) => {
  const { server, upload, seal, close } = await make(t)
  await seal('a')
  await seal('b')
  await server.whenSession((session) => session.chunks.length === 2)
  const [session] = [...server.sessions.values()]
  const first = session!.chunks[0]!
  session!.chunks.pop()
  session!.head = Buffer.from(
    (await import('node:crypto'))
      .createHash('sha256')
      .update(Buffer.concat([Buffer.from([3]), Buffer.alloc(32), Buffer.from(first.sha256, 'hex')]))
      .digest(),
  )
  await seal('c')
  close()
  let state = await upload.finish(10_000)
  while (state.kind === 'unreachable') state = await upload.finish(10_000)
  assert.equal(state.kind, 'closed')
  assert.equal(session?.chunks.length, 3)
})

test('a server that holds another recording in this one’s place gets nothing, and the spool is kept', async (t) => {
  const { server, upload, seal, close } = await make(t)
  await seal('a')
  await server.whenSession((session) => session.chunks.length === 1)
  const [session] = [...server.sessions.values()]
  session!.head = Buffer.alloc(32, 7)
  server.loseAnswers = 1
  await seal('b')
  close()
  const state = await upload.finish(10_000)
  assert.equal(state.kind, 'refused')
  assert.equal(state.kind === 'refused' && state.fault.code, 'another-recording')
})

test('a decision that the server does not take does not keep the recording from it', async (t) => {
  const { server, upload, seal, close, refused } = await make(t, [
    { decision: 'D-404', atCommand: 1, atMs: 0 },
  ])
  await seal('a')
  close()
  assert.equal((await upload.finish(10_000)).kind, 'closed')
  assert.deepEqual(refused, ['D-404 decision-unknown'])
  assert.deepEqual([...server.sessions.values()][0]?.decisions, [])
})

test('a sign of life goes out while nothing happens', async (t) => {
  const { server, seal } = await make(t)
  await seal('a')
  const session = await server.whenSession((one) => one.progress.length >= 2)
  assert.equal(session.progress.at(-1)?.chunks, 1)
})

const answering = async (
  t: TestContext,
  status: number,
  body: string,
  headers: Record<string, string> = {},
): Promise<string> => {
  const server = createServer((_, response) => response.writeHead(status, headers).end(body))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('what answers is told apart: a refusal, an overload, a login page, a redirect, nothing', async (t) => {
  const faultOf = async (url: string): Promise<string> => {
    try {
      await httpRecorderServer({ url, token: 'secret-token-1', timeoutMs: 2_000 }).openSession(OPEN)
      return 'none'
    } catch (error) {
      const { fault, code, detail } = error as { fault: string; code: string; detail: string }
      assert.doesNotMatch(detail, /secret-token-1/)
      return `${fault} ${code}`
    }
  }
  assert.equal(
    await faultOf(await answering(t, 422, '{"code":"decision-required","detail":"Name one"}')),
    'refused decision-required',
  )
  assert.equal(await faultOf(await answering(t, 503, 'busy')), 'unreachable http-503')
  assert.equal(await faultOf(await answering(t, 429, '{}')), 'unreachable http-429')
  assert.equal(await faultOf(await answering(t, 200, '<html>sign in</html>')), 'unreachable odd-reply')
  assert.equal(await faultOf(await answering(t, 200, '{}')), 'unreachable odd-reply')
  assert.equal(
    await faultOf(await answering(t, 302, '', { location: 'http://127.0.0.1:1/' })),
    'unreachable unreachable',
  )
  assert.equal(await faultOf('http://127.0.0.1:1'), 'unreachable unreachable')
})
