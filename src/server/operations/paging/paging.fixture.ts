/** A team with a two-step policy, a mail server and a push service: what tests of paging stand on. */
import assert from 'node:assert/strict'
import { webhookBody } from '../../testing/alertmanager-body.ts'
import { startMailServer, type MailServer } from '../../testing/mail-server.ts'
import { startPushService, type PushedBrowser, type PushService } from '../../testing/push-service.ts'
import { seedTeam, type SeededEnvironment, type SeededPerson, type SeededTeam } from '../../testing/seed.ts'
import { testServer, type TestServer } from '../../testing/test-server.ts'
import type { Actor } from '../../platform/actor.ts'
import { createEscalationPolicy } from '../on-call/escalation/create-escalation-policy.ts'
import { pushPublicKey } from './channels/web-push.ts'
import { subscribePush } from './push-subscriptions.ts'

export const MINUTE = 60_000
type Given = Parameters<typeof webhookBody>[0]

export type PagingTest = {
  readonly server: TestServer
  readonly team: SeededTeam
  readonly mail: MailServer
  readonly push: PushService
  /** Sends alerts as Alertmanager does; fails unless they were taken. */
  readonly fire: (environment: SeededEnvironment, ...alerts: Given[]) => Promise<void>
  readonly drain: () => Promise<unknown>
  /** Registers a browser of this person at the push service. */
  readonly browserOf: (person: SeededPerson) => Promise<PushedBrowser>
  readonly mailsTo: (person: { readonly email: string }) => MailServer['received']
  readonly pagesOf: (environment: SeededEnvironment) => ReturnType<typeof pagesIn>
  readonly intentsOf: (pageId: string) => ReturnType<typeof intentsIn>
  readonly stop: () => Promise<void>
}

const pagesIn = (server: TestServer, environmentId: string) =>
  server.platform.database.db
    .selectFrom('pages')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .orderBy('requested_at')
    .orderBy('id')
    .execute()

const intentsIn = (server: TestServer, pageId: string) =>
  server.platform.database.db
    .selectFrom('page_intents')
    .selectAll()
    .where('page_id', '=', pageId)
    .orderBy('id')
    .execute()

const twoSteps = async (server: TestServer, team: SeededTeam): Promise<void> => {
  const [first, second] = team.engineers
  await createEscalationPolicy(server.as(team.administrator.actor), {
    slug: 'default',
    name: 'Default',
    repeat: 0,
    steps: [
      { afterMinutes: 0, targets: [{ kind: 'account', id: first.id }] },
      { afterMinutes: 5, targets: [{ kind: 'account', id: second.id }] },
    ],
    fallback: [{ kind: 'role', role: 'administrator' }],
  } as never)
}

export const linkIn = (mail: { text?: string | undefined } | undefined): string =>
  new URL(/https?:\/\/\S+\/acknowledge\/\S+/.exec(mail?.text ?? '')?.[0] ?? '').pathname

/** @param env `SMTP_URL: ''` for a server that cannot mail */
export const pagingTest = async (given: { env?: Record<string, string> } = {}): Promise<PagingTest> => {
  const mail = await startMailServer()
  const push = await startPushService()
  const server = await testServer({ env: { SMTP_URL: mail.url, PUSH_ALLOW_HTTP: 'true', ...given.env } })
  const team = await seedTeam(server)
  await twoSteps(server, team)
  return {
    server,
    team,
    mail,
    push,
    fire: async ({ key }, ...alerts) => {
      const reply = await server.http.inject({
        method: 'POST',
        url: '/integrations/alertmanager',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        payload: JSON.stringify(webhookBody(...alerts)),
      })
      assert.equal(reply.statusCode, 200, reply.body)
    },
    drain: () => server.tasks.drain(),
    browserOf: async (person) => {
      const browser = push.subscribe(pushPublicKey(server.platform))
      const request = { headers: { 'user-agent': 'test' } } as never
      await subscribePush(server.as(person.actor as Actor), browser, request)
      return browser
    },
    mailsTo: ({ email }) => mail.received.filter(({ to }) => JSON.stringify(to).includes(email)),
    pagesOf: ({ id }) => pagesIn(server, id),
    intentsOf: (pageId) => intentsIn(server, pageId),
    stop: async () => {
      await server.stop()
      await mail.close()
      await push.close()
    },
  }
}
