/** Who is on call, as OpsGenie's clients ask it; and that the key of a cluster reads nothing but what concerns its environment. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { addForwarding } from '../../../operations/on-call/away/add-forwarding.ts'
import { removeForwarding } from '../../../operations/on-call/away/remove-away.ts'
import { createSchedule } from '../../../operations/on-call/create-schedule.ts'
import { assignEscalationPolicy } from '../../../operations/on-call/escalation/assign-escalation-policy.ts'
import { createEscalationPolicy } from '../../../operations/on-call/escalation/create-escalation-policy.ts'
import { replaceNotificationRules } from '../../../operations/paging/notification-rules.ts'
import { createTeam } from '../../../people/teams/create-team.ts'
import { openOpsGenieTest, type OpsGenieTest } from '../opsgenie.fixture.ts'

let og: OpsGenieTest
let token: string
let ids: Record<'primary' | 'secret', string>

const zone = 'Europe/Stockholm'
const day = (n: number, hour = '08:00') => `2026-11-${String(n).padStart(2, '0')}T${hour}:00.000Z`

before(async () => {
  og = await openOpsGenieTest()
  const { administrator, engineers, acmeProd } = og.team
  token = administrator.token
  const admin = og.server.as(administrator.actor)
  const [first, second, third] = engineers
  const weekly = (id: string, participants: string[]) => ({
    kind: 'weekly' as const,
    id,
    everyWeeks: 1,
    handOver: { weekday: 1 as const, time: '09:00' },
    zone,
    participants,
    startsOn: '2026-11-02' as never,
  })
  const made = async (slug: string, name: string, layers: object[]) =>
    (await createSchedule(admin, { slug, name, layers: layers as never })).schedule!.id
  const night = await createTeam(admin, {
    slug: 'night',
    name: 'Night Owls',
    members: [{ accountId: second.id, role: 'admin' }],
  })
  await createTeam(admin, {
    slug: 'hidden',
    name: 'Hidden',
    members: [{ accountId: third.id, role: 'member' }],
  })
  ids = {
    primary: await made('primary', 'First Line', [
      weekly('weeks', [first.id, second.id]),
      {
        kind: 'daily',
        id: 'nights',
        everyDays: 1,
        handOver: { time: '18:00' },
        zone,
        participants: [{ team: night.id }, null],
        startsOn: '2026-11-02',
        restriction: { kind: 'time-of-day', from: '18:00', to: '08:00' },
      },
    ]),
    secret: await made('secret', 'Other People', [weekly('weeks', [third.id])]),
  }
  await createEscalationPolicy(admin, {
    slug: 'acme',
    name: 'For Acme',
    repeat: 1,
    steps: [
      { afterMinutes: 0, targets: [{ kind: 'schedule', id: ids.primary }] },
      { afterMinutes: 5, targets: [{ kind: 'account', id: administrator.id }] },
      { afterMinutes: 10, targets: [{ kind: 'role', role: 'administrator' }] },
    ],
    fallback: [{ kind: 'role', role: 'administrator' }],
  } as never)
  await assignEscalationPolicy(admin, { environment: acmeProd.slug, policy: 'acme' } as never)
})
after(() => og?.stop())

const get = async (key: string, path: string) => {
  const answer = await og.call(key, 'GET', path)
  assert.equal(answer.status, 200, `${path} ${JSON.stringify(answer.body)}`)
  return answer.body
}

test('on calls, flat and whole, now and at a date, by id and by name', async () => {
  const [first, second] = og.team.engineers
  const flat = await get(token, '/v2/schedules/First%20Line/on-calls/?scheduleIdentifierType=name&flat=true')
  assert.deepEqual(flat.data.onCallRecipients, [second.email], 'a Tuesday morning of the second week')
  const whole = (await get(token, `/v2/schedules/${ids.primary}/on-calls?date=${day(4)}`)).data
  assert.deepEqual(
    [whole._parent, whole.onCallParticipants],
    [
      { id: ids.primary, name: 'First Line', enabled: true },
      [{ id: first.id, name: first.email, type: 'user' }],
    ],
  )
  const all = (await get(token, '/v2/schedules/on-calls?flat=true')).data
  assert.deepEqual(
    all.map(({ _parent }: { _parent: { name: string } }) => _parent.name),
    ['First Line', 'Other People'],
  )
  const next = (await get(token, `/v2/schedules/primary/next-on-calls?date=${day(4)}`)).data
  assert.equal(next.nextOnCallRecipients[0].name, second.email)
  const nextFlat = (await get(token, `/v2/schedules/primary/next-on-calls?flat=true&date=${day(4)}`)).data
  assert.deepEqual(nextFlat.nextOnCallParticipants, [second.email])
  assert.equal((await og.call(token, 'GET', '/v2/schedules/on-calls?date=soon')).status, 422)
})

test('schedules say their rotations and restrictions as OpsGenie writes them, and are a calendar, too', async () => {
  const [first, second] = og.team.engineers
  const { data, expandable } = await get(token, '/v2/schedules?expand=rotation')
  assert.deepEqual(expandable, ['rotation'])
  const team = (await get(token, '/v2/teams?expand=member')).data.find(
    ({ name }: { name: string }) => name === 'Night Owls',
  )
  assert.deepEqual(team.members, [{ user: { id: second.id, username: second.email }, role: 'admin' }])
  const [weeks, nights] = data[0].rotations
  assert.deepEqual(
    [weeks.type, weeks.length, weeks.startDate, weeks.participants[0]],
    ['weekly', 1, day(2), { type: 'user', id: first.id, username: first.email }],
  )
  assert.deepEqual(
    [nights.participants, nights.timeRestriction],
    [
      [{ type: 'team', id: team.id, name: 'Night Owls' }, { type: 'none' }],
      {
        type: 'time-of-day',
        restriction: { startHour: 18, startMin: 0, endHour: 8, endMin: 0 },
      },
    ],
  )
  assert.deepEqual((await get(token, '/v2/schedules')).data[0].rotations, [])
  assert.equal((await get(token, '/v2/schedules/primary/rotations/nights')).data._parent.name, 'First Line')
  const calendar = await og.server.http.inject({
    url: '/v2/schedules/primary.ics',
    headers: { authorization: `GenieKey ${token}` },
  })
  assert.match(calendar.body, /^BEGIN:VCALENDAR/)
})

test('a timeline draws the rotations with and without overrides', async () => {
  const { data } = await get(
    token,
    `/v2/schedules/primary/timeline?interval=1&intervalUnit=weeks&date=${day(9)}&expand=base,override,forwarding`,
  )
  assert.deepEqual([data.startDate, data.endDate], [day(9), day(16)])
  const [weeks, nights] = data.finalTimeline.rotations
  assert.ok(weeks.periods.length > 0 && nights.periods.length > 0)
  assert.deepEqual(data.overrideTimeline.rotations[0].periods, [])
  assert.equal(
    (await og.call(token, 'GET', '/v2/schedules/primary/timeline?interval=99&intervalUnit=months')).status,
    422,
  )
  for (const unit of ['constructor', '__proto__']) {
    const answer = await og.call(token, 'GET', `/v2/schedules/primary/timeline?intervalUnit=${unit}`)
    assert.equal(answer.status, 422, unit)
  }
})

test('a forwarding is drawn by itself, and not in what was planned', async () => {
  const [first, second, third] = og.team.engineers
  const from = og.server.clock.now() + 20 * 86_400_000
  const to = from + 86_400_000
  const admin = og.server.as(og.team.administrator.actor)
  const made: string[] = []
  for (const { id: accountId } of [first, second])
    made.push((await addForwarding(admin, { accountId, toAccountId: third.id, from, to })).id)
  const date = new Date(from + 3_600_000).toISOString()
  const query = `interval=1&intervalUnit=days&date=${date}&expand=base,forwarding`
  const { data } = await get(token, `/v2/schedules/primary/timeline?${query}`)
  const namesIn = (drawn: { rotations: { periods: { type: string; recipient: { id: string } }[] }[] }) =>
    drawn.rotations.flatMap(({ periods }) => periods).map(({ type, recipient }) => [type, recipient.id])
  const forwardings = namesIn(data.forwardingTimeline)
  assert.ok(forwardings.length > 0)
  for (const each of forwardings) assert.deepEqual(each, ['forwarding', third.id])
  assert.ok(namesIn(data.finalTimeline).some(([type]) => type === 'forwarding'))
  assert.ok(namesIn(data.baseTimeline).length > 0)
  assert.ok(!namesIn(data.baseTimeline).some(([, id]) => id === third.id))
  for (const forwarding of made) await removeForwarding(admin, { forwarding })
})

test('everybody reads their own contacts and notification rules, and nobody anybody else’s', async () => {
  const { administrator, engineers, acmeProd } = og.team
  const rule = {
    occasions: ['page' as const],
    priorities: ['P1' as const, 'P2' as const],
    hours: { from: '22:00', to: '06:30', weekdays: [5, 7] },
    steps: [{ method: 'email', afterMinutes: 3 }],
  }
  await replaceNotificationRules(og.server.as(administrator.actor), { rules: [rule], quiet: null })
  const own = `/v2/users/${administrator.email}`
  const contacts = (await get(token, `${own}/contacts`)).data
  const email = { id: 'email', method: 'email', to: administrator.email, status: { enabled: true } }
  assert.deepEqual(contacts, [email])
  assert.deepEqual((await get(token, `${own}/contacts/email`)).data, email)
  const rules = (await get(token, `/v2/users/${administrator.id}/notification-rules`)).data
  assert.deepEqual(
    rules.map(({ id, actionType }: { id: string; actionType: string }) => [id, actionType]),
    [['rule-1', 'create-alert']],
  )
  const { data } = await get(token, `${own}/notification-rules/rule-1`)
  assert.deepEqual(
    data.criteria.conditions.map(({ expectedValue }: { expectedValue: string }) => expectedValue),
    ['P1', 'P2'],
  )
  const times = { startHour: 22, startMin: 0, endHour: 6, endMin: 30 }
  assert.deepEqual(data.timeRestriction.restrictions, [
    { startDay: 'friday', endDay: 'saturday', ...times },
    { startDay: 'sunday', endDay: 'monday', ...times },
  ])
  assert.deepEqual(data.steps, [
    {
      contact: { method: 'email', to: administrator.email },
      sendAfter: { timeAmount: 3, timeUnit: 'minutes' },
      enabled: true,
    },
  ])
  for (const path of ['contacts', 'contacts/email', 'notification-rules', 'notification-rules/rule-1']) {
    assert.equal((await og.call(token, 'GET', `/v2/users/${engineers[0].id}/${path}`)).status, 403, path)
    assert.equal((await og.call(acmeProd.key, 'GET', `${own}/${path}`)).status, 403, path)
  }
  assert.equal((await og.call(token, 'GET', `${own}/contacts/nothing`)).status, 404)
  assert.equal((await og.call(token, 'GET', `${own}/notification-rules/rule-9`)).status, 404)
})

test('overrides are written by the person whose token it is, and read, changed and taken away by their alias', async () => {
  const third = og.team.engineers[2]
  const at = '/v2/schedules/First%20Line/overrides'
  const body = {
    alias: 'swap-1',
    user: { type: 'user', username: third.email },
    startDate: day(11),
    endDate: day(12),
  }
  const made = await og.call(token, 'POST', `${at}?scheduleIdentifierType=name`, body)
  assert.deepEqual([made.status, made.body.data], [201, { alias: 'swap-1' }])
  const during = `/v2/schedules/primary/on-calls?flat=true&date=${day(11, '12:00')}`
  assert.deepEqual((await get(token, during)).data.onCallRecipients, [third.email])
  const changed = await og.call(token, 'PUT', `${at}/swap-1`, { ...body, user: { type: 'none' } })
  assert.equal(changed.status, 200)
  assert.deepEqual((await get(token, during)).data.onCallRecipients, [])
  const listed = (await get(token, at)).data
  assert.deepEqual(
    listed.map(({ alias, user }: { alias: string; user: object }) => [alias, user]),
    [['swap-1', { type: 'none' }]],
  )
  assert.equal((await og.call(token, 'DELETE', `${at}/swap-1`)).status, 200)
  assert.equal((await og.call(token, 'GET', `${at}/swap-1`)).status, 404)
  for (const wrong of [
    {},
    { ...body, user: { username: 'nobody' } },
    { ...body, endDate: day(1) },
    { ...body, startDate: 'x' },
  ])
    assert.ok((await og.call(token, 'POST', at, wrong)).status >= 400, JSON.stringify(wrong))
})

test('an integration key writes no override, and is told that it is of the wrong kind', async () => {
  const { key } = og.team.acmeProd
  const answer = await og.call(key, 'POST', '/v2/schedules/primary/overrides', {})
  assert.deepEqual([answer.status, answer.body.code], [403, 40301])
})

test('a key reads the policy of its environment, its schedules and the people they name, by handle; nothing else leaks', async () => {
  const { acmeProd, globexProd, engineers, administrator } = og.team
  const [first, second, third] = engineers
  const { key } = acmeProd
  const names = async (path: string, field = 'name') =>
    (await get(key, path)).data.map((each: Record<string, string>) => each[field])
  assert.deepEqual(await names('/v2/schedules'), ['First Line'])
  assert.deepEqual(await names('/v2/escalations'), ['For Acme'])
  assert.deepEqual(await names('/v2/teams'), [])
  assert.deepEqual(
    (await names('/v2/users', 'username')).sort(),
    [administrator.handle, first.handle, second.handle].sort(),
  )
  const [escalation] = (await get(key, '/v2/escalations')).data
  assert.deepEqual(
    escalation.rules.map(({ delay, recipient }: { delay: { timeAmount: number }; recipient: object }) => [
      delay.timeAmount,
      recipient,
    ]),
    [
      [0, { type: 'schedule', id: ids.primary, name: 'First Line' }],
      [5, { type: 'user', id: administrator.id, username: administrator.handle }],
      [15, { type: 'team', name: 'administrator' }],
    ],
  )
  for (const path of [
    `/v2/schedules/${ids.secret}`,
    '/v2/schedules/secret.ics',
    '/v2/schedules/secret/on-calls',
    '/v2/schedules/secret/next-on-calls',
    '/v2/schedules/secret/timeline',
    '/v2/schedules/secret/rotations',
    '/v2/schedules/secret/overrides',
    '/v2/escalations/default',
    '/v2/teams/hidden',
    `/v2/users/${third.id}`,
    `/v2/users/${third.email}`,
  ]) {
    const answer = await og.call(key, 'GET', path)
    assert.equal(answer.status, 404, path)
  }
  for (const path of [
    '/v2/schedules?expand=rotation',
    '/v2/schedules/on-calls',
    '/v2/schedules/primary/timeline?expand=base,override',
    '/v2/escalations',
    '/v2/users',
    '/v2/teams',
  ]) {
    const text = JSON.stringify((await get(key, path)).data)
    assert.doesNotMatch(text, /@example\.org|Other People|Hidden|Night Owls/, path)
    assert.ok(!text.includes(third.id) && !text.includes(third.handle), path)
    // The other environment follows the default policy: it names two people and no schedule.
    const others = JSON.stringify((await og.call(globexProd.key, 'GET', path)).body)
    assert.doesNotMatch(others, /@example\.org|First Line|For Acme|Night Owls/, path)
  }
})

test('a token narrower than its owner reads no more than its scopes say, and a contact nothing', async () => {
  assert.equal((await og.call('fnp_made-up-by-a-test', 'GET', '/v2/schedules')).status, 401)
  const { createMyToken } = await import('../../../people/tokens/change-tokens.ts')
  const own = og.server.as(og.team.administrator.actor)
  const { secret } = await createMyToken(own, { name: 'narrow', scopes: ['environments.read'] })
  assert.equal((await og.call(secret, 'GET', '/v2/users')).status, 403)
  const some = await createMyToken(own, { name: 'rotas', scopes: ['on-call.follow'] })
  const people = (await get(some.secret, '/v2/users')).data.map(({ id }: { id: string }) => id)
  assert.ok(people.includes(og.team.engineers[2].id))
  assert.ok(!people.includes(og.team.auditor.id), 'whom rotas name, and no directory of people')
  const asContact = await og.server.http.inject({
    url: '/v2/schedules',
    headers: { cookie: og.team.acmeContact.cookie },
  })
  assert.equal(asContact.statusCode, 403)
})
