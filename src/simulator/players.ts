/** What the people of the play do, each by the verb that a real person would use. */
import type { Answer, Call, Stage } from '../server/stage.ts'
import { webhook, type AlertKind, type FiredAlert } from './alerts.ts'
import type { Random } from './random.ts'
import { shellSession } from './shell-session.ts'
import type { Environment } from './team.ts'

export type Players = {
  /** Posts as an Alertmanager would; returns true for a 2xx. */
  readonly send: (
    environment: Environment,
    alert: FiredAlert,
    status: 'firing' | 'resolved',
  ) => Promise<boolean>
  readonly as: (handle: string, call: Omit<Call, 'token'>) => Promise<Record<string, unknown>>
  readonly openPageOf: (environment: Environment) => Promise<{ id: string } | undefined>
  readonly alertOf: (environment: Environment, fingerprint: string) => Promise<{ id: string } | undefined>
  readonly decide: (
    handle: string,
    environment: Environment,
    kind: AlertKind,
    more?: object,
  ) => Promise<{ id: string; number: string }>
  /** A recorded shell from opening to closing; returns the session's id. */
  readonly record: (
    handle: string,
    environment: Environment,
    kind: AlertKind,
    how: object,
    close: object,
  ) => Promise<string>
  /** Alerts whose request was answered 2xx, as the sender noted them. */
  readonly accepted: readonly { environment: Environment; fingerprint: string }[]
}

export class Refused extends Error {
  readonly answer: Answer
  constructor(call: Call, answer: Answer) {
    super(`${call.method} ${call.url} answered ${answer.status}: ${answer.text.slice(0, 300)}`)
    this.answer = answer
  }
}

export const openPlayers = (
  stage: Stage,
  random: Random,
  tokens: ReadonlyMap<string, string>,
  keys: ReadonlyMap<string, string>,
): Players => {
  const accepted: { environment: Environment; fingerprint: string }[] = []
  const must = async (call: Call): Promise<Record<string, unknown>> => {
    const answer = await stage.call(call)
    if (answer.status >= 300) throw new Refused(call, answer)
    return answer.body
  }
  const as: Players['as'] = (handle, call) =>
    must({
      ...call,
      token: tokens.get(handle) ?? '',
      headers: { 'user-agent': 'fortnight-cli/play', ...call.headers },
    })
  const rowsOf = async (handle: string, url: string) =>
    ((await as(handle, { method: 'GET', url }))['rows'] ?? []) as { id: string }[]

  const record: Players['record'] = async (handle, environment, kind, how, close) => {
    const startedAt = stage.now()
    const opening = {
      localId: random.uuid(),
      environment,
      host: `${handle}-laptop`,
      shell: 'bash',
      ruleset: '1',
      startedAt,
      cols: 100,
      rows: 28,
      ...how,
    }
    const { sessionId } = await as(handle, { method: 'POST', url: '/api/recordings', body: opening })
    const session = shellSession(environment, opening.host, kind.commands, startedAt)
    for (const chunk of session.chunks) {
      const headers = {
        'x-chunk-sha256': chunk.sha256,
        'x-chunk-head': chunk.head,
        'x-chunk-recorded-at': String(chunk.recordedAt),
      }
      await as(handle, {
        method: 'PUT',
        url: `/api/recordings/${String(sessionId)}/chunks/${chunk.n}`,
        body: chunk.bytes,
        headers,
      })
    }
    stage.moveTo(startedAt + session.durationMs)
    const body = {
      chunks: session.chunks.length,
      head: session.head,
      durationMs: session.durationMs,
      exitCode: 0,
      ended: 'exit',
      commands: session.commands,
      redactions: {},
      lostTailMs: 0,
      forgedMarks: 0,
      shellMarks: true,
      pauses: [],
      redactionRequests: [],
      ...close,
    }
    await as(handle, { method: 'POST', url: `/api/recordings/${String(sessionId)}/close`, body })
    return String(sessionId)
  }

  return {
    as,
    accepted,
    record,
    send: async (environment, alert, status) => {
      const answer = await stage.call({
        method: 'POST',
        url: '/integrations/alertmanager',
        token: keys.get(environment) ?? '',
        body: webhook(alert, status, stage.now()),
      })
      if (answer.status === 200 && status === 'firing')
        accepted.push({ environment, fingerprint: alert.fingerprint })
      return answer.status === 200
    },
    openPageOf: async (environment) =>
      (await rowsOf('ada', `/api/pages?status=open&environment=${environment}`))[0],
    alertOf: async (environment, fingerprint) => {
      const open = await rowsOf('ada', `/api/alerts?environment=${environment}&limit=50`)
      for (const { id } of open) {
        const alert = await as('ada', { method: 'GET', url: `/api/alerts/${id}` })
        if (alert['fingerprint'] === fingerprint) return { id }
      }
      return undefined
    },
    decide: async (handle, environment, kind, more = {}) => {
      const body = {
        environment,
        what: kind.change || `Look into ${kind.name}`,
        why: `${kind.summary}: ${kind.cause}.`,
        options: [
          { title: kind.change || 'Wait', chosen: true, note: 'known procedure, reversible' },
          {
            title: 'Wait for the maintenance window',
            chosen: false,
            note: 'the customer would feel it until Thursday',
          },
        ],
        risk: random.pick([
          'none known',
          'two minutes of slower answers',
          'a short restart of one component',
        ]),
        rollback: random.pick([
          'Revert the commit and apply again',
          'Uncordon the node',
          'Restore the former value',
        ]),
        validUntil: null,
        cooperation: { kind: 'internal' },
        ...more,
      }
      const decision = await as(handle, { method: 'POST', url: '/api/decisions', body })
      return { id: String(decision['id']), number: String(decision['number']) }
    },
  }
}
