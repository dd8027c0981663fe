/** A small fictional team that works against a running server: alerts, decisions, recorded shells, attached files. */
import assert from 'node:assert/strict'
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { webhookBody } from '../../src/server/testing/alertmanager-body.ts'
import { sender, type Reply, type Send, type ServerProcess } from './server-process.ts'

export type Team = {
  readonly token: string
  /** Integration key of acme-prod. */
  readonly key: string
  readonly send: Send
}

const must = <T extends object>(status: number, reply: Reply<T>): T => {
  assert.equal(reply.status, status, JSON.stringify(reply.body))
  return reply.body
}

/** The first administrator, one customer, one environment, one key: what a first visit makes. */
export const setUpTeam = async (server: ServerProcess): Promise<Team> => {
  const setup = await fetch(`${server.url}/api/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      token: server.setupToken(),
      organisation: 'Example Operations',
      name: 'Ada Example',
      handle: 'ada',
      email: 'ada@example.org',
      password: randomBytes(18).toString('base64url'),
      zone: 'Europe/Stockholm',
    }),
  })
  assert.equal(setup.status, 200, await setup.clone().text())
  const cookie = (setup.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  const made = await fetch(`${server.url}/api/me/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie, origin: server.url },
    body: JSON.stringify({ name: 'acceptance', scopes: ['*'] }),
  })
  const { secret: token } = (await made.json()) as { secret: string }
  const send = sender(server.url, token)
  must(201, await send('POST', '/api/customers', { slug: 'acme', name: 'Acme Example' }))
  must(
    201,
    await send('POST', '/api/environments', { customer: 'acme', slug: 'acme-prod', name: 'Acme production' }),
  )
  const { secret: key } = must(
    201,
    await send('POST', '/api/environments/acme-prod/keys', { name: 'alertmanager' }),
  )
  return { token, key: key ?? '', send }
}

/** @returns the HTTP status; 0 when nobody answered */
export const fire = async (
  url: string,
  key: string,
  name: string,
  status: 'firing' | 'resolved' = 'firing',
): Promise<number> => {
  const body = webhookBody({ name, status, labels: { pod: 'å\t"\\N\u{1f4a5}' } })
  return (await sender(url, key)('POST', '/integrations/alertmanager', body)).status
}

export const decide = async (send: Send): Promise<string> =>
  must(
    201,
    await send('POST', '/api/decisions', {
      environment: 'acme-prod',
      what: 'Drain the node\nand wait',
      why: 'its disk is full \\ "really"',
      options: [],
      risk: 'none known',
      rollback: 'uncordon',
      validUntil: null,
      cooperation: { kind: 'internal' },
    }),
  ).number ?? ''

const sha256 = (...parts: Uint8Array[]): Buffer =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()

/** A recorded shell of a few chunks, left open. @returns its id */
export const recordShell = async (send: Send, decision: string, chunks: number): Promise<string> => {
  const { sessionId } = must(
    201,
    await send('POST', '/api/recordings', {
      kind: 'decided',
      decision,
      localId: randomUUID(),
      environment: 'acme-prod',
      host: 'laptop',
      shell: 'bash',
      ruleset: '1',
      startedAt: Date.now(),
      cols: 80,
      rows: 24,
    }),
  )
  let head: Buffer = Buffer.alloc(32)
  for (let n = 0; n < chunks; n++) {
    const bytes = gzipSync(`[0.1,"o","${randomBytes(2_000).toString('hex')}"]\n`)
    const digest = sha256(bytes)
    head = sha256(Buffer.from([3]), head, digest)
    const reply = await send('PUT', `/api/recordings/${sessionId}/chunks/${n}`, bytes, {
      'content-type': 'application/gzip',
      'x-chunk-sha256': digest.toString('hex'),
      'x-chunk-head': head.toString('hex'),
      'x-chunk-recorded-at': String(Date.now()),
    })
    must(204, reply)
  }
  return sessionId ?? ''
}

/** An entry of the Operator Log with a file. @returns the path under which its bytes are read back */
export const attach = async (send: Send, bytes: Buffer): Promise<string> => {
  const { id } = must(
    201,
    await send('POST', '/api/operator-log', {
      environment: 'acme-prod',
      category: 'change',
      what: 'By hand',
      summary: 'A dump is attached.',
    }),
  )
  const { attachments } = must(
    201,
    await send<{ attachments: { id: string }[] }>(
      'POST',
      `/api/operator-log/${id}/attachments?fileName=dump.txt`,
      bytes,
    ),
  )
  return `/api/operator-log/${id}/attachments/${attachments[0]?.id}`
}
