/** An OpsGenie that holds an account and is as strict as the real one: key, pages of at most 100, too many requests. */
import { createServer, type Server } from 'node:http'
import type { SourceFile } from '../../../../domain/compat/opsgenie/fields.ts'

type Thing = Record<string, unknown> & { id?: string; name?: string }
type Reply = { readonly status?: number; readonly data?: unknown; readonly list?: readonly unknown[] }

export type FakeOpsGenie = {
  readonly url: string
  /** Of each request: `GET /v2/users?limit=…` */
  readonly asked: string[]
  readonly throttled: () => number
  readonly stop: () => Promise<void>
}

type Options = {
  readonly key: string
  /** Every so many requests are answered 429, and as many 503. */
  readonly busyEvery?: number
  /** Paths that this plan does not have. */
  readonly notInPlan?: readonly string[]
}

const contained = (files: readonly SourceFile[], folder: string): Thing[] =>
  files.filter(({ path }) => path.startsWith(`${folder}/`)).map(({ value }) => value as Thing)

const without = (thing: Thing, key: string): Thing => {
  const { [key]: _, ...rest } = thing
  return rest
}
const metaOf = ({ id, name, username }: Thing): Thing =>
  ({ id, ...(name === undefined ? {} : { name }), ...(username === undefined ? {} : { username }) }) as Thing

/** Answers by path, without the query; undefined: 404. */
const answersOf = (
  files: readonly SourceFile[],
): Map<string, (query: URLSearchParams) => Reply | undefined> => {
  const answers = new Map<string, (query: URLSearchParams) => Reply | undefined>()
  const list = (path: string, things: readonly unknown[]) => answers.set(path, () => ({ list: things }))
  const one = (path: string, thing: unknown) => answers.set(path, () => ({ data: thing }))
  const part = (value: Thing, key: string): Thing => value[key] as Thing
  const users = contained(files, 'users')
  list(
    '/v2/users',
    users.map((value) => metaOf(part(value, 'user'))),
  )
  for (const value of users) {
    const user = part(value, 'user')
    const path = `/v2/users/${user.id}`
    answers.set(path, (query) => ({
      data: query.get('expand') === 'contact' ? user : without(user, 'userContacts'),
    }))
    const rules = value['notificationRuleList'] as Thing[]
    list(`${path}/notification-rules`, rules.map(metaOf))
    for (const rule of rules) one(`${path}/notification-rules/${rule.id}`, rule)
  }
  const teams = contained(files, 'teams')
  list(
    '/v2/teams',
    teams.map((value) => metaOf(part(value, 'team'))),
  )
  for (const value of teams) {
    const path = `/v2/teams/${part(value, 'team').id}`
    one(path, value['team'])
    list(`${path}/routing-rules`, value['teamRoutingRules'] as unknown[])
    list(`${path}/roles`, value['teamRoles'] as unknown[])
  }
  const schedules = contained(files, 'schedules')
  answers.set('/v2/schedules', (query) => ({
    list: schedules
      .map((value) => part(value, 'schedule'))
      .map((schedule) => (query.get('expand') === 'rotation' ? schedule : without(schedule, 'rotations'))),
  }))
  for (const value of schedules)
    list(`/v2/schedules/${part(value, 'schedule').id}/overrides`, value['scheduleOverrideList'] as unknown[])
  list('/v2/escalations', contained(files, 'escalations'))
  list('/v2/forwarding-rules', contained(files, 'forwardings'))
  one('/v2/heartbeats', { heartbeats: contained(files, 'heartbeats') })
  const integrations = contained(files, 'integrations')
  list(
    '/v2/integrations',
    integrations.map((value) => metaOf(part(value, 'integration'))),
  )
  for (const value of integrations) {
    const path = `/v2/integrations/${part(value, 'integration').id}`
    one(path, without(part(value, 'integration'), 'id'))
    if (value['integrationActions']) one(`${path}/actions`, value['integrationActions'])
  }
  const policies = contained(files, 'policiesV2')
  const orders = files.find(({ path }) => path === 'ordersV2/PolicyOrders.json')?.value as Thing[]
  const metas = (teamId: string | null, type: string) =>
    policies
      .filter((value) => (value['teamId'] ?? null) === teamId && part(value, 'policy')['type'] === type)
      .map((value) => ({
        ...metaOf(part(value, 'policy')),
        order: orders.find(({ id }) => id === part(value, 'policy').id)?.['order'],
      }))
  for (const type of ['alert', 'notification'])
    answers.set(`/v2/policies/${type}`, (query) => ({ list: metas(query.get('teamId'), type) }))
  for (const value of policies)
    answers.set(`/v2/policies/${part(value, 'policy').id}`, (query) =>
      query.get('teamId') === (value['teamId'] ?? null) ? { data: value['policy'] } : undefined,
    )
  for (const [folder, path] of [
    ['maintenance', '/v1/maintenance'],
    ['customUserRoles', '/v2/roles'],
  ] as const) {
    list(path, contained(files, folder).map(metaOf))
    for (const thing of contained(files, folder)) one(`${path}/${thing.id}`, thing)
  }
  return answers
}

/** `next` names the host that OpsGenie believes to be, which is not the one that was asked. */
const paged = (
  list: readonly unknown[],
  { pathname, searchParams }: URL,
): { status: number; body: object } => {
  const limit = Number(searchParams.get('limit') ?? 20)
  const offset = Number(searchParams.get('offset') ?? 0)
  if (!(limit >= 1 && limit <= 100)) return { status: 422, body: { message: 'limit should be 1 to 100' } }
  const query = new URLSearchParams(searchParams)
  query.set('offset', String(offset + limit))
  const next = `https://api.opsgenie.example${pathname}?${query}`
  const paging = offset + limit < list.length ? { paging: { next } } : {}
  return {
    status: 200,
    body: { data: list.slice(offset, offset + limit), ...paging, took: 0.1, requestId: 'r' },
  }
}

export const fakeOpsGenie = async (files: readonly SourceFile[], options: Options): Promise<FakeOpsGenie> => {
  const { key, busyEvery = 0, notInPlan = [] } = options
  const answers = answersOf(files)
  const asked: string[] = []
  let throttled = 0
  const answer = (url: URL, authorization: string | undefined): { status: number; body: object } => {
    if (authorization !== `GenieKey ${key}`) return { status: 401, body: { message: 'Key is not valid' } }
    if (busyEvery > 0 && asked.length % busyEvery < 2) {
      throttled += 1
      return { status: asked.length % busyEvery === 0 ? 429 : 503, body: { message: 'Too many requests' } }
    }
    if (notInPlan.some((path) => url.pathname.startsWith(path)))
      return { status: 402, body: { message: 'Plan' } }
    const reply = answers.get(decodeURIComponent(url.pathname))?.(url.searchParams)
    if (reply === undefined) return { status: 404, body: { message: 'No such thing' } }
    return reply.list ? paged(reply.list, url) : { status: 200, body: { data: reply.data, took: 0.1 } }
  }
  const server: Server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    const { status, body } = answer(new URL(request.url ?? '/', 'http://fake'), request.headers.authorization)
    const wait = status === 429 || status === 503 ? { 'retry-after': '0' } : {}
    response.writeHead(status, { 'content-type': 'application/json', ...wait }).end(JSON.stringify(body))
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as { port: number }
  const stop = () =>
    new Promise<void>((stopped) => {
      server.closeAllConnections()
      server.close(() => stopped())
    })
  return { url: `http://127.0.0.1:${port}`, asked, throttled: () => throttled, stop }
}
