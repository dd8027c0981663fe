/** The seeded team with ways to call the API as one of them: what the tests of this area stand on. */
import assert from 'node:assert/strict'
import type { Problem } from '../../../contract/errors.ts'
import {
  onCallRoutes,
  type OnCallReply,
  type ScheduleOutcomeReply,
} from '../../../contract/operations/on-call.ts'
import type { ReplyOf, Route } from '../../../contract/route.ts'
import type { WeeklyRotation } from '../../../domain/operations/on-call/schedule.ts'
import { seedTeam, type SeededTeam } from '../../testing/seed.ts'
import { testServer, type TestServer } from '../../testing/test-server.ts'

type Caller = { readonly token: string } | { readonly cookie: string }
type RouteName = keyof typeof onCallRoutes
/** What the route promises, or the problem it answered with: the status tells which. */
export type Answer<K extends RouteName = RouteName> = {
  readonly status: number
  readonly body: ReplyOf<(typeof onCallRoutes)[K]> & Problem
}

export type Rota = TestServer & {
  readonly team: SeededTeam
  /** Naming the route gives the reply its type. Every reply is held against its route's promise. */
  readonly call: <K extends RouteName = RouteName>(
    as: Caller,
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    url: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => Promise<Answer<K>>
}

const routeOf = (method: string, url: string): Route => {
  const path = url.replace(/\?.*/, '').split('/')
  const fits = (route: Route): boolean => {
    const parts = route.path.split('/')
    return (
      route.method === method &&
      parts.length === path.length &&
      parts.every((part, place) => part.startsWith(':') || part === path[place])
    )
  }
  const route = Object.values<Route>(onCallRoutes).find(fits)
  if (!route) throw new Error(`no route ${method} ${url}`)
  return route
}

export const openRota = async (env: Record<string, string> = {}): Promise<Rota> => {
  const server = await testServer({ env })
  const team = await seedTeam(server)
  return {
    ...server,
    team,
    call: async (as, method, url, body, headers = {}) => {
      const credentials = 'token' in as ? { authorization: `Bearer ${as.token}` } : { cookie: as.cookie }
      const answer = await server.http.inject({
        method,
        url,
        headers: { ...credentials, ...headers },
        ...(body === undefined ? {} : { payload: body as object }),
      })
      const reply = answer.json()
      if (answer.statusCode < 300) routeOf(method, url).reply.parse(reply)
      return { status: answer.statusCode, body: reply }
    },
  }
}

/** One week each from Monday 09:00 in Stockholm, beginning on the Monday before the tests' Tuesday. */
export const weekly = (participants: readonly (string | null)[], more: Partial<WeeklyRotation> = {}) => ({
  kind: 'weekly' as const,
  id: 'primary',
  everyWeeks: 1,
  handOver: { weekday: 1 as const, time: '09:00' },
  zone: 'Europe/Stockholm',
  participants: [...participants],
  startsOn: '2026-11-09',
  ...more,
})

/** Fails with the reply's own words. */
export const expectStatus = <A extends { status: number; body: unknown }>(answer: A, status: number): A => {
  assert.equal(answer.status, status, JSON.stringify(answer.body))
  return answer
}

export const at = (text: string): number => Date.parse(text)

export const onCallName = (duty: OnCallReply | null | undefined): string | null =>
  duty?.kind === 'person' ? duty.person.name : null

/** The id of the schedule that a request made or changed. */
export const madeId = ({ body }: { body: ScheduleOutcomeReply }): string => {
  assert.ok(body.schedule)
  return body.schedule.id
}
