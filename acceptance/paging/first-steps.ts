/** What an administrator does on the first day: signs in by the link, makes a customer, an environment and its key. */
import { eventually } from '../chain/eventually.ts'
import type { Installation } from '../chaos/installation.ts'
import { webhookBody } from '../../src/server/testing/alertmanager-body.ts'

export const ADMINISTRATOR = { name: 'Ada Example', handle: 'ada', email: 'ada@example.org' } as const

export type FirstSteps = {
  /** Answers with the status of the webhook. */
  readonly fire: (...alerts: Parameters<typeof webhookBody>) => Promise<number>
  readonly get: (path: string) => Promise<unknown>
  /** The text of a page. */
  readonly view: (path: string) => Promise<string>
  /** As the administrator; fails unless it was done. */
  readonly post: (path: string, body: unknown) => Promise<unknown>
}

export const takeFirstSteps = async (installation: Installation): Promise<FirstSteps> => {
  const call = async (
    path: string,
    body: unknown,
    headers: Record<string, string> = {},
  ): Promise<Response> => {
    const reply = await fetch(`${installation.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
    if (!reply.ok) throw new Error(`${path} answered ${reply.status}: ${await reply.text()}`)
    return reply
  }
  const token = await eventually('the setup link', () => /setup\?token=(\S+)/.exec(installation.said())?.[1])
  const password = 'correct horse battery staple fortnight'
  const made = await call('/api/setup', {
    token,
    organisation: 'Example',
    ...ADMINISTRATOR,
    password,
    zone: 'UTC',
  })
  const cookie = made.headers
    .getSetCookie()
    .map((text) => text.split(';', 1)[0])
    .join('; ')
  const own = { cookie, 'sec-fetch-site': 'same-origin' }
  await call('/api/customers', { slug: 'acme', name: 'Acme Example' }, own)
  await call('/api/environments', { slug: 'acme-prod', customer: 'acme', name: 'Acme production' }, own)
  const reply = await call('/api/environments/acme-prod/keys', { name: 'alertmanager' }, own)
  const key = ((await reply.json()) as { secret: string }).secret
  return {
    fire: async (...alerts) =>
      fetch(`${installation.url}/integrations/alertmanager`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify(webhookBody(...alerts)),
      }).then(
        ({ status }) => status,
        () => 0,
      ),
    post: async (path, body) => (await call(path, body, own)).json(),
    view: async (path) => (await fetch(`${installation.url}${path}`, { headers: own })).text(),
    get: async (path) => (await fetch(`${installation.url}${path}`, { headers: own })).json(),
  }
}
