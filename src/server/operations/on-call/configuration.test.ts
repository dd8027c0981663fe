/** What a team writes and what is stored are the same thing in two spellings, whatever the rota. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ROLES } from '../../../domain/people/permissions.ts'
import {
  documentOfPolicy,
  policyDocument,
  policyFromDocument,
  scheduleDocument,
  WEEKDAYS,
  type PolicyDocument,
  type RotationDocument,
  type ScheduleDocument,
} from './configuration.ts'
import { definitionFromDocument, documentOfSchedule } from './rotation-document.ts'

const runs = { numRuns: Number(process.env['FORTNIGHT_RUNS'] ?? 200) }
const handles = ['bo', 'cleo', 'dag', 'ada.b', 'x-1']
const slugs = ['primary', 'secondary', 'night']
const accounts = new Map(handles.map((handle, index) => [handle, `account-${index}`]))
const schedules = new Map(slugs.map((slug, index) => [slug, `schedule-${index}`]))
const turned = (map: ReadonlyMap<string, string>) => new Map([...map].map(([name, id]) => [id, name]))
const teams = new Map(slugs.map((slug, index) => [slug, `team-${index}`]))
const directory = { accounts, schedules, teams }
const names = {
  handles: turned(accounts),
  scheduleSlugs: turned(schedules),
  teamSlugs: turned(teams),
}

const plain = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record<T>(model, { noNullPrototype: true })
const two = (most: number) => fc.integer({ min: 0, max: most }).map((n) => String(n).padStart(2, '0'))
const time = fc.tuple(two(23), two(59)).map(([hours, minutes]) => `${hours}:${minutes}`)
const weekday = fc.constantFrom(...WEEKDAYS)
const kind = fc.oneof(
  plain({ everyHours: fc.integer({ min: 1, max: 720 }), handOver: plain({ time }) }),
  plain({ everyDays: fc.integer({ min: 1, max: 365 }), handOver: plain({ time }) }),
  plain({ everyWeeks: fc.integer({ min: 1, max: 52 }), handOver: plain({ weekday, time }) }),
  plain({
    everyMonths: fc.integer({ min: 1, max: 12 }),
    handOver: plain({ dayOfMonth: fc.integer({ min: 1, max: 31 }), time }),
  }),
)
const restriction = fc.oneof(
  fc.constant({}),
  plain({ restriction: plain({ kind: fc.constant('time-of-day' as const), from: time, to: time }) }),
  plain({
    restriction: plain({
      kind: fc.constant('weekday-and-time-of-day' as const),
      spans: fc.array(plain({ from: plain({ weekday, time }), to: plain({ weekday, time }) }), {
        minLength: 1,
        maxLength: 4,
      }),
    }),
  }),
)
const anyRotation = plain({
  id: fc.constantFrom('a', 'b-2', 'primary'),
  zone: fc.constantFrom('UTC', 'Europe/Stockholm'),
  participants: fc.array(
    fc.oneof(fc.option(fc.constantFrom(...handles)), plain({ team: fc.constantFrom(...slugs) })),
    { minLength: 1, maxLength: 8 },
  ),
  startsOn: fc.constantFrom('2026-11-09', '1999-12-31'),
})
const rotation = fc
  .tuple(kind, anyRotation, restriction)
  .map(([length, any, restricted]): RotationDocument => ({ ...length, ...any, ...restricted }))
const schedule: fc.Arbitrary<ScheduleDocument> = fc
  .tuple(
    plain({
      slug: fc.constantFrom(...slugs),
      name: fc.constant('A rota'),
      layers: fc.array(rotation, { maxLength: 4 }),
    }),
    fc.constantFrom({ combine: 'top' as const, restHours: 11 }, { combine: 'all' as const, restHours: 0 }),
  )
  .map(([document, how]) => ({ ...document, ...how }))
const person = fc.constantFrom(...handles).map((handle) => ({ person: handle }))
const role = fc.constantFrom(...ROLES).map((name) => ({ role: name }))
const target = fc.oneof(
  person,
  role,
  fc.constantFrom(...slugs).map((slug) => ({ schedule: slug })),
)
const policy: fc.Arbitrary<PolicyDocument> = plain({
  slug: fc.constantFrom('default', 'other'),
  name: fc.constant('A policy'),
  steps: fc.array(
    plain({
      afterMinutes: fc.integer({ min: 0, max: 1440 }),
      targets: fc.array(target, { minLength: 1, maxLength: 4 }),
    }),
    { minLength: 1, maxLength: 5 },
  ),
  repeat: fc.integer({ min: 0, max: 9 }),
  fallback: fc.array(fc.oneof(person, role), { minLength: 1, maxLength: 4 }),
})

test('a schedule comes out of the store as it was written', () => {
  fc.assert(
    fc.property(schedule, (document) => {
      assert.deepEqual(scheduleDocument.parse(document), document)
      const { definition, faults } = definitionFromDocument(document, directory)
      assert.deepEqual(faults, [])
      const { slug, name } = document
      assert.deepEqual(documentOfSchedule({ slug, name, ...definition }, names), document)
    }),
    runs,
  )
})

test('a policy comes out of the store as it was written', () => {
  fc.assert(
    fc.property(policy, (document) => {
      assert.deepEqual(policyDocument.parse(document), document)
      const { definition, faults } = policyFromDocument(document, directory)
      assert.deepEqual(faults, [])
      const { slug, name } = document
      assert.deepEqual(documentOfPolicy({ slug, name, ...definition }, names), document)
    }),
    runs,
  )
})

test('a name that nobody has is a fault with its place, and every one of them is named', () => {
  const layer = {
    id: 'a',
    everyWeeks: 1,
    handOver: { weekday: 'monday' as const, time: '09:00' },
    zone: 'UTC',
    startsOn: '2026-11-09',
  }
  const layers = [{ ...layer, participants: ['bo', 'zoe', null, 'yan'] }]
  assert.deepEqual(definitionFromDocument({ layers }, directory).faults, [
    { path: ['layers', 0, 'participants', 1], detail: 'there is no member of staff zoe' },
    { path: ['layers', 0, 'participants', 3], detail: 'there is no member of staff yan' },
  ])
  const steps = [{ afterMinutes: 0, targets: [{ schedule: 'day' }, { role: 'engineer' as const }] }]
  const { faults } = policyFromDocument({ steps, repeat: 0, fallback: [{ person: 'zoe' }] }, directory)
  assert.deepEqual(faults, [
    { path: ['steps', 0, 'targets', 0, 'schedule'], detail: 'there is no schedule day' },
    { path: ['fallback', 0, 'person'], detail: 'there is no member of staff zoe' },
  ])
})

test('a rotation that says too little or too much about its turns is told what is missing', () => {
  const faultsOf = (said: Partial<RotationDocument>) => {
    const layer = { id: 'a', handOver: { time: '09:00' }, zone: 'UTC', startsOn: '2026-11-09', ...said }
    const layers = [{ ...layer, participants: ['bo'] }]
    return definitionFromDocument({ layers }, directory).faults.map(
      ({ path, detail }) => `${path.slice(2).join('.')}: ${detail}`,
    )
  }
  const exactlyOne =
    ': says how long a turn lasts with exactly one of everyHours, everyDays, everyWeeks, everyMonths'
  assert.deepEqual(faultsOf({ everyDays: 1 }), [])
  assert.deepEqual(faultsOf({ everyDays: 1, everyHours: 2 }), [exactlyOne])
  assert.deepEqual(faultsOf({}), [exactlyOne, 'handOver: needs weekday with everyWeeks'])
  assert.deepEqual(faultsOf({ everyWeeks: 1 }), ['handOver: needs weekday with everyWeeks'])
  assert.deepEqual(faultsOf({ everyMonths: 1 }), ['handOver: needs dayOfMonth with everyMonths'])
  assert.deepEqual(faultsOf({ everyDays: 1, handOver: { weekday: 'monday', time: '09:00' } }), [
    'handOver.weekday: stands only with everyWeeks',
  ])
})
