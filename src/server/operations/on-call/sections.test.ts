/** A team's file and the database say the same: applying what was exported changes nothing, and a fault names its line and keeps nothing. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { parse, stringify } from 'yaml'
import { whoIsOnCallNow } from './on-call-now.ts'
import { openRota, type Rota } from './rota-for-tests.test.ts'
import { TEST_START } from '../../testing/test-server.ts'
import { loadSchedules } from './store.ts'

let rota: Rota
before(async () => {
  rota = await openRota()
})
after(() => rota.stop())

const file = `version: 1
schedules:
  - slug: day
    name: Day
    combine: top
    restHours: 11
    layers:
      - id: weekly
        everyWeeks: 1
        handOver: { weekday: monday, time: 09:00 }
        zone: Europe/Stockholm
        participants: [bo, cleo, null]
        startsOn: 2026-11-09
  - slug: night
    name: Night
    combine: top
    restHours: 11
    layers:
      - id: weekly
        everyWeeks: 2
        handOver: { weekday: friday, time: 17:30 }
        zone: Europe/Stockholm
        participants: [dag]
        startsOn: 2026-11-06
escalationPolicies:
  - slug: strict
    name: Strict
    steps:
      - { afterMinutes: 0, targets: [{ schedule: night }, { role: engineer }] }
    repeat: 0
    fallback: [{ person: ada }]
  - slug: usual
    name: Usual
    steps:
      - { afterMinutes: 0, targets: [{ schedule: day }] }
      - { afterMinutes: 10, targets: [{ schedule: night }, { person: ada }] }
    repeat: 1
    fallback: [{ role: administrator }]
environmentPolicies:
  - { environment: acme-prod, escalationPolicy: usual }
  - { environment: acme-staging, escalationPolicy: strict }
`
const sections = ['schedules', 'escalationPolicies', 'environmentPolicies'] as const
type Written = Record<(typeof sections)[number], Record<string, unknown>[]>

const send = async (method: 'GET' | 'POST', url: string, payload?: object) => {
  const answer = await rota.http.inject({
    method,
    url,
    headers: { authorization: `Bearer ${rota.team.administrator.token}` },
    ...(payload ? { payload } : {}),
  })
  return { status: answer.statusCode, body: answer.json() as Record<string, unknown> }
}
const apply = async (document: string, more: object = {}): Promise<string[]> => {
  const { status, body } = await send('POST', '/api/configuration/apply', { document, ...more })
  assert.equal(status, 200, JSON.stringify(body))
  const changes = body['changes'] as { kind: string; name: string; action: string }[]
  return changes.map(({ kind, name, action }) => `${action} ${kind} ${name}`)
}
const exported = async (): Promise<Written> => {
  const { body } = await send('GET', '/api/configuration')
  return parse(body['document'] as string) as Written
}
const ours = (written: Written): Written => ({
  schedules: written.schedules,
  escalationPolicies: written.escalationPolicies,
  environmentPolicies: written.environmentPolicies,
})
const refusalOf = async (document: string): Promise<string> => {
  const { status, body } = await send('POST', '/api/configuration/apply', { document })
  assert.ok(status >= 400, JSON.stringify(body))
  return body['detail'] as string
}

test('a file makes what it says, what is exported is the file, and applying that again changes nothing', async () => {
  assert.deepEqual(await apply(file, { dryRun: true }), await apply(file))
  const { document } = (await send('GET', '/api/configuration')).body
  assert.deepEqual(ours(parse(document as string)), ours(parse(file)))
  assert.deepEqual(await apply(document as string), [])
  const day = (await loadSchedules(rota.platform.database.db)).find(({ slug }) => slug === 'day')
  const duty = await whoIsOnCallNow(rota.platform.database.db, day?.id ?? '', TEST_START)
  assert.equal(duty.kind === 'people' && duty.people[0].accountId, rota.team.engineers[0].id)
})

test('only what differs is changed', async () => {
  const changed = file
    .replace('[bo, cleo, null]', '[bo, cleo]')
    .replace('acme-prod, escalationPolicy: usual', 'acme-prod, escalationPolicy: strict')
  assert.deepEqual(await apply(changed), ['update schedule day', 'update environment policy acme-prod'])
  assert.deepEqual(ours(await exported()), ours(parse(changed)))
  assert.deepEqual(await apply(file), ['update schedule day', 'update environment policy acme-prod'])
})

test('what the file does not name stays unless pruning is asked for; named again it comes back', async () => {
  const whole = parse(file) as Written
  const less = stringify({
    version: 1,
    schedules: whole.schedules.filter(({ slug }) => slug === 'night'),
    escalationPolicies: whole.escalationPolicies.filter(({ slug }) => slug === 'strict'),
    environmentPolicies: [],
  })
  assert.deepEqual(await apply(less), [])
  assert.deepEqual(await apply(less, { prune: true }), [
    'delete environment policy acme-prod',
    'delete environment policy acme-staging',
    'delete escalation policy usual',
    'delete schedule day',
  ])
  assert.deepEqual(ours(await exported()), ours(parse(less)))
  assert.deepEqual(await apply(file), [
    'update schedule day',
    'update escalation policy usual',
    'create environment policy acme-prod',
    'create environment policy acme-staging',
  ])
  assert.deepEqual(ours(await exported()), ours(parse(file)))
})

test('a fault names its line, and nothing of the file is kept', async () => {
  const was = await exported()
  const faulty: [from: string, to: string, onTheLineOf: string, said: RegExp][] = [
    ['[bo, cleo, null]', '[bo, zoe, null]', 'zoe', /there is no zoe among the accounts/],
    ['[bo, cleo, null]', '[bo, gus, null]', 'gus', /there is no member of staff gus/],
    ['Europe/Stockholm', 'Europe/Stokholm', 'Stokholm', /Europe\/Stokholm/],
    ['monday', 'Mon', 'Mon', /weekday/],
    [
      '{ schedule: night }, { role',
      '{ schedule: noon }, { role',
      'noon',
      /there is no noon among the schedules/,
    ],
    ['afterMinutes: 10', 'afterMinutes: 0', 'slug: usual', /Step 2: the delay/],
    ['acme-staging', 'acme-prod', 'acme-prod, escalationPolicy: strict', /acme-prod already/],
    ['acme-staging', 'moon', 'moon', /there is no moon among the environments/],
  ]
  const base = file.replace('name: Night', 'name: Changed')
  for (const [from, to, onTheLineOf, said] of faulty) {
    const document = base.replace(from, to)
    const detail = await refusalOf(document)
    assert.match(detail, said)
    const line = document.slice(0, document.indexOf(onTheLineOf)).split('\n').length
    assert.ok(detail.includes(`line ${line},`), `${detail} should name line ${line}`)
  }
  assert.deepEqual(await exported(), was)
})

test('editors complete the sections from the published schema', async () => {
  const { body } = await send('GET', '/schema/configuration.json')
  const properties = body['properties'] as Record<string, unknown>
  for (const section of sections) assert.ok(properties[section], section)
  assert.match(JSON.stringify(properties['schedules']), /Handles in the order of their turns/)
})

test('rotations of every kind, with restrictions and together, come out of a file as they went in', async () => {
  const layer = (id: string, more: object) => ({
    id,
    ...more,
    zone: 'Europe/Stockholm',
    participants: ['bo', 'cleo'],
    startsOn: '2026-11-09',
  })
  const night = { kind: 'time-of-day', from: '18:00', to: '08:00' }
  const friday = { weekday: 'friday', time: '18:00' }
  const weekend = {
    kind: 'weekday-and-time-of-day',
    spans: [{ from: friday, to: { weekday: 'monday', time: '08:00' } }],
  }
  const schedule = {
    slug: 'round-the-clock',
    name: 'Round the clock',
    combine: 'all',
    restHours: 8,
    layers: [
      layer('day', { everyDays: 1, handOver: { time: '08:00' } }),
      layer('night', { everyWeeks: 2, handOver: friday, restriction: night }),
      layer('weekend', { everyMonths: 1, handOver: { dayOfMonth: 31, time: '09:00' }, restriction: weekend }),
      layer('watch', { everyHours: 8, handOver: { time: '06:00' } }),
      layer('feast', {
        everyDays: 1,
        handOver: { time: '00:00' },
        endsOn: '2027-01-06',
        onlyOn: ['2026-12-24'],
      }),
    ],
  }
  const document = stringify({ version: 1, schedules: [schedule] })
  assert.deepEqual(await apply(document), ['create schedule round-the-clock'])
  const kept = (await exported()).schedules.find(({ slug }) => slug === 'round-the-clock')
  assert.deepEqual(kept, schedule)
  assert.deepEqual(await apply(document), [])
  const { combine: _, ...onTop } = schedule
  assert.deepEqual(await apply(stringify({ version: 1, schedules: [{ ...onTop, combine: 'top' }] })), [
    'update schedule round-the-clock',
  ])
  assert.deepEqual(await apply(stringify({ version: 1, schedules: [onTop] })), [], 'left out, it stays')
  const wrong = { ...schedule, layers: [layer('both', { everyDays: 1, everyWeeks: 1, handOver: friday })] }
  assert.match(await refusalOf(stringify({ version: 1, schedules: [wrong] })), /exactly one of everyHours/)
})
