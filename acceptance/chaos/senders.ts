/** Senders that write down every 2xx they were given: what the database must hold afterwards, whatever was killed in between. */
import { createHash, randomUUID } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { alertBody } from '../../src/server/testing/alertmanager-body.ts'

export type Promised = {
  readonly alerts: Set<string>
  readonly decisions: Set<string>
  readonly acknowledged: Set<string>
  /** recording id → chunks answered 204 */
  readonly chunks: Map<string, number>
}

export type Senders = {
  readonly promised: Promised
  /** Every sender does one thing, concurrently; failures are expected while the server is dead. */
  readonly round: () => Promise<void>
}

type Given = { readonly url: string; readonly token: string; readonly key: string }

const PATIENCE_MS = 5_000
const CHUNKS_A_RECORDING = 3
const sha256 = (...parts: Uint8Array[]): Buffer =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()

export const openSenders = ({ url, token, key }: Given): Senders => {
  const promised: Promised = {
    alerts: new Set(),
    decisions: new Set(),
    acknowledged: new Set(),
    chunks: new Map(),
  }
  let sent = 0
  let recording: { id: string; next: number; head: Buffer } | undefined

  const call = async (
    method: string,
    path: string,
    secret: string,
    body: unknown,
    headers: Record<string, string> = {},
  ): Promise<Record<string, unknown> | undefined> => {
    const bytes = Buffer.isBuffer(body)
    try {
      const reply = await fetch(`${url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${secret}`,
          ...(body === undefined ? {} : { 'content-type': bytes ? 'application/gzip' : 'application/json' }),
          ...headers,
        },
        ...(body === undefined
          ? {}
          : { body: bytes ? new Uint8Array(body as Buffer) : JSON.stringify(body) }),
        signal: AbortSignal.timeout(PATIENCE_MS),
      })
      const text = await reply.text()
      if (!reply.ok) return undefined
      return text ? (JSON.parse(text) as Record<string, unknown>) : {}
    } catch {
      return undefined
    }
  }

  const sendAlerts = async (): Promise<void> => {
    const alerts = [1, 2, 3].map(() =>
      alertBody({
        name: `Chaos${(sent += 1)}`,
        severity: sent % 3 === 0 ? 'critical' : 'low',
        startsAt: new Date().toISOString(),
      }),
    )
    const body = { version: '4', status: 'firing', receiver: 'x', groupKey: '{}', alerts }
    if (await call('POST', '/integrations/alertmanager', key, body))
      for (const alert of alerts) promised.alerts.add(alert.fingerprint)
  }

  const decide = async (): Promise<void> => {
    const body = {
      environment: 'acme-prod',
      what: `Change ${(sent += 1)}`,
      why: 'chaos',
      options: [],
      risk: 'none known',
      rollback: 'none needed',
      validUntil: null,
      cooperation: { kind: 'internal' },
    }
    const made = await call('POST', '/api/decisions', token, body, { 'idempotency-key': randomUUID() })
    if (made) promised.decisions.add(String(made['id']))
  }

  const acknowledge = async (): Promise<void> => {
    const list = (await call('GET', '/api/pages?status=open&limit=1', token, undefined)) as
      | { rows?: { id: string }[] }
      | undefined
    const id = list?.rows?.[0]?.id
    if (id && (await call('POST', `/api/pages/${id}/acknowledge`, token, {}))) promised.acknowledged.add(id)
  }

  const recordShell = async (): Promise<void> => {
    if (!recording) {
      const body = {
        localId: randomUUID(),
        kind: 'look',
        environment: 'acme-prod',
        host: 'h',
        shell: 'bash',
        ruleset: '1',
        startedAt: Date.now(),
        cols: 80,
        rows: 24,
      }
      const opened = await call('POST', '/api/recordings', token, body)
      if (opened) recording = { id: String(opened['sessionId']), next: 0, head: Buffer.alloc(32) }
      return
    }
    const sending = recording
    const bytes = gzipSync(`[0.1,"o","${sending.next}"]\n`)
    const digest = sha256(bytes)
    const head = sha256(Buffer.from([3]), sending.head, digest)
    const headers = {
      'x-chunk-sha256': digest.toString('hex'),
      'x-chunk-head': head.toString('hex'),
      'x-chunk-recorded-at': String(Date.now()),
    }
    const path = `/api/recordings/${sending.id}/chunks/${sending.next}`
    if (!(await call('PUT', path, token, bytes, headers))) return
    const next = sending.next + 1
    promised.chunks.set(sending.id, Math.max(next, promised.chunks.get(sending.id) ?? 0))
    // Two rounds may have sent the same chunk at once, and both were answered: it is one chunk.
    if (recording !== sending) return
    recording = { id: sending.id, next, head }
    // The next round opens another: openings are among the instants at which we die.
    if (next === CHUNKS_A_RECORDING) recording = undefined
  }

  return {
    promised,
    round: async () => {
      await Promise.all([sendAlerts(), sendAlerts(), decide(), acknowledge(), recordShell()])
    },
  }
}
