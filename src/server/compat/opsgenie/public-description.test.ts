/** Every operation that we offer answers as OpsGenie's public description says, where that description is at hand. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { opsGenieHeartbeatRoutes } from '../../../contract/compat/opsgenie-heartbeats.ts'
import { opsGenieWayRoutes } from '../../../contract/compat/opsgenie-ways.ts'
import { opsGenieOnCallRoutes } from '../../../contract/compat/opsgenie-on-call.ts'
import { opsGenieRoutes } from '../../../contract/compat/opsgenie.ts'
import type { Route } from '../../../contract/route.ts'
import { createSchedule } from '../../operations/on-call/create-schedule.ts'
import { replaceNotificationRules } from '../../operations/paging/notification-rules.ts'
import { createTeam } from '../../people/teams/create-team.ts'
import { openOpsGenieTest, type OpsGenieTest } from './opsgenie.fixture.ts'
import { descriptionPath, hasDescription, readDescription } from './public-description.fixture.ts'

const skip = hasDescription
  ? false
  : `${descriptionPath} is not here: lay OpsGenie's swagger.json there, or name it in FORTNIGHT_OPSGENIE_OAS`

let og: OpsGenieTest
before(async () => {
  if (skip) return
  og = await openOpsGenieTest()
  const { administrator, engineers } = og.team
  const admin = og.server.as(administrator.actor)
  const rule = {
    occasions: ['page'],
    priorities: ['P1'],
    hours: null,
    steps: [{ method: 'email', afterMinutes: 0 }],
  }
  await replaceNotificationRules(admin, { rules: [rule], quiet: null } as never)
  const team = await createTeam(admin, {
    slug: 'night',
    name: 'Night',
    members: [{ accountId: engineers[1].id, role: 'admin' }],
  })
  await createSchedule(admin, {
    slug: 'primary',
    name: 'First Line',
    layers: [
      {
        kind: 'weekly',
        id: 'weeks',
        everyWeeks: 1,
        handOver: { weekday: 1, time: '09:00' },
        zone: 'Europe/Stockholm',
        participants: [engineers[0].id, { team: team.id }, null],
        startsOn: '2026-11-02' as never,
        restriction: {
          kind: 'weekday-and-time-of-day',
          spans: [{ from: { weekday: 1, time: '06:00' }, to: { weekday: 6, time: '22:00' } }],
        },
      },
    ],
  })
})
after(() => og?.stop())

/** Known to be otherwise, each with its reason. */
const otherwise: readonly RegExp[] = [
  // Clients ping with every method; the description knows GET alone.
  /^(POST|PUT|PATCH) \/v2\/heartbeats\/\S+\/ping is not described$/,
  // Some clients take responders away; the description only adds them.
  /^DELETE \/v2\/alerts\/\S+\/responders\S* is not described$/,
]

type Asked = readonly [
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: object | undefined,
  as?: 'person',
]

const later = (hours: number): string => new Date(og.server.clock.now() + hours * 3_600_000).toISOString()

const alertCalls = (alias: string): Asked[] => {
  const at = (rest = '') => `/v2/alerts/${alias}${rest}?identifierType=alias`
  const user = og.team.engineers[0].handle
  return [
    [
      'POST',
      '/v2/alerts',
      { message: 'm', alias, tags: ['a'], details: { k: 'v' }, priority: 'P1', source: 's' },
    ],
    ['GET', '/v2/alerts?limit=1'],
    ['GET', '/v2/alerts/count?query=m'],
    ['POST', at('/acknowledge'), { user }],
    ['POST', at('/unacknowledge'), { user }],
    ['POST', at('/snooze'), { user, endTime: later(1) }],
    ['POST', at('/assign'), { owner: { username: user } }],
    ['POST', at('/escalate'), { escalation: { name: 'default' } }],
    ['POST', at('/responders'), { responder: { type: 'user', username: user } }],
    ['POST', at('/teams'), { team: { name: 'Night' } }],
    ['DELETE', at('/responders'), { responder: { type: 'user', username: user } }],
    ['POST', at('/actions/restart'), {}],
    ['PUT', at('/message'), { message: 'n' }],
    ['PUT', at('/description'), { description: 'd' }],
    ['PUT', at('/priority'), { priority: 'P2' }],
    ['POST', at('/notes'), { note: 'n', user }],
    ['POST', at('/tags'), { tags: ['b'] }],
    ['DELETE', `${at('/tags')}&tags=a`],
    ['POST', at('/details'), { details: { x: 'y' } }],
    ['DELETE', `${at('/details')}&keys=x`],
    ['GET', at()],
    ['GET', `${at('/notes')}&limit=1`],
    ['GET', `${at('/logs')}&limit=1`],
    ['GET', at('/recipients')],
    ['POST', at('/close'), {}],
    ['DELETE', at()],
  ]
}

const heartbeatCalls: Asked[] = [
  ['POST', '/v2/heartbeats', { name: 'hb', interval: 5, intervalUnit: 'minutes', enabled: true }],
  ...(['GET', 'POST', 'PUT', 'PATCH'] as const).map((method): Asked => [method, '/v2/heartbeats/hb/ping']),
  ['GET', '/v2/heartbeats'],
  ['GET', '/v2/heartbeats/hb'],
  ['PATCH', '/v2/heartbeats/hb', { interval: 6, intervalUnit: 'minutes' }],
  ['POST', '/v2/heartbeats/hb/disable', {}],
  ['POST', '/v2/heartbeats/hb/enable', {}],
  ['DELETE', '/v2/heartbeats/hb'],
]

const onCallCalls = (): Asked[] => {
  const at = '/v2/schedules/primary'
  const override = {
    alias: 'o1',
    user: { type: 'user', username: og.team.engineers[2].email },
    startDate: later(1),
    endDate: later(2),
  }
  const own = ['/contacts', '/contacts/email', '/notification-rules', '/notification-rules/rule-1']
  const calls: (readonly [Asked[0], string, object?])[] = [
    ['GET', '/v2/schedules?expand=rotation'],
    ['GET', at],
    ['GET', `${at}/rotations`],
    ['GET', `${at}/rotations/weeks`],
    ['POST', `${at}/overrides`, override],
    ['GET', `${at}/overrides`],
    ['GET', `${at}/overrides/o1`],
    ['PUT', `${at}/overrides/o1`, override],
    ['GET', `${at}/timeline?expand=base,override,forwarding`],
    ...['', '?flat=true'].flatMap((flat) =>
      ['/v2/schedules/on-calls', `${at}/on-calls`, `${at}/next-on-calls`].map(
        (path) => ['GET', `${path}${flat}`] as const,
      ),
    ),
    ['DELETE', `${at}/overrides/o1`],
    ['GET', '/v2/escalations'],
    ['GET', '/v2/escalations/default'],
    ['GET', '/v2/users?limit=2'],
    ['GET', `/v2/users/${og.team.engineers[0].email}`],
    ...own.map((path) => ['GET', `/v2/users/${og.team.administrator.email}${path}`] as const),
    ['GET', '/v2/teams?expand=member'],
    ['GET', '/v2/teams/night'],
  ]
  return calls.map(([method, path, body]) => [method, path, body, 'person'] as const)
}

const shapeOf = ({ method, path }: Route): RegExp =>
  new RegExp(`^${method} ${path.replace(/:\w+/g, '[^/?]+')}(\\?|$)`)

test('an answer that is otherwise than described is told', { skip }, () => {
  const { faultsOf } = readDescription()
  const wrong = { took: 'long', data: { heartbeats: [{ interval: '5', intervalUnit: 'weeks' }] } }
  assert.equal(
    faultsOf('GET', '/v2/heartbeats', 200, wrong).length,
    4,
    'an id that is missing, and three of another kind',
  )
  assert.equal(faultsOf('GET', '/v2/heartbeats', 201, {}).length, 1)
  assert.equal(faultsOf('GET', '/v2/nothing', 200, {}).length, 1)
})

test('each operation answers as the public description says, and none is left out', { skip }, async () => {
  const description = readDescription()
  const { acmeProd, administrator } = og.team
  const wanted = [...alertCalls('oracle'), ...heartbeatCalls, ...onCallCalls()]
  const faults: string[] = []
  const ask = async ([method, path, body, as]: Asked) => {
    const answer = await og.call(as ? administrator.token : acmeProd.key, method, path, body)
    assert.ok(answer.status < 300, `${method} ${path} ${answer.status} ${JSON.stringify(answer.body)}`)
    faults.push(...description.faultsOf(method, path, answer.status, answer.body))
    return answer
  }
  for (const each of wanted) {
    const { status, body } = await ask(each)
    if (status === 202 && each[1].startsWith('/v2/alerts'))
      await ask(['GET', `/v2/alerts/requests/${body.requestId}`])
  }
  const unknown = await og.call(acmeProd.key, 'GET', '/v2/alerts/nobodys')
  faults.push(...description.faultsOf('GET', '/v2/alerts/nobodys', unknown.status, unknown.body))
  assert.deepEqual(
    faults.filter((fault) => !otherwise.some((known) => known.test(fault))),
    [],
  )
  const asked = [...wanted.map(([method, path]) => `${method} ${path}`), 'GET /v2/alerts/requests/x']
  const routes = Object.values<Route>({
    ...opsGenieRoutes,
    ...opsGenieHeartbeatRoutes,
    ...opsGenieOnCallRoutes,
    ...opsGenieWayRoutes,
  })
  const left = routes.filter((route) => !asked.some((each) => shapeOf(route).test(each)))
  assert.deepEqual(
    left.map(({ method, path }) => `${method} ${path}`),
    [],
  )
})
