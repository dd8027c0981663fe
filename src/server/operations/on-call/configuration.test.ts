/** What a team writes and what is stored are the same thing in two spellings, whatever the rota. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ROLES } from '../../../domain/people/permissions.ts'
import {
  documentOfPolicy,
  documentOfSchedule,
  layersFromDocument,
  policyDocument,
  policyFromDocument,
  scheduleDocument,
  type PolicyDocument,
  type ScheduleDocument,
} from './configuration.ts'

const runs = { numRuns: Number(process.env['FORTNIGHT_RUNS'] ?? 200) }
const handles = ['bo', 'cleo', 'dag', 'ada.b', 'x-1']
const slugs = ['primary', 'secondary', 'night']
const accounts = new Map(handles.map((handle, index) => [handle, `account-${index}`]))
const schedules = new Map(slugs.map((slug, index) => [slug, `schedule-${index}`]))
const turned = (map: ReadonlyMap<string, string>) => new Map([...map].map(([name, id]) => [id, name]))
const directory = { accounts, schedules }
const names = { handles: turned(accounts), scheduleSlugs: turned(schedules) }

const plain = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record<T>(model, { noNullPrototype: true })
const two = (most: number) => fc.integer({ min: 0, max: most }).map((n) => String(n).padStart(2, '0'))
const time = fc.tuple(two(23), two(59)).map(([hours, minutes]) => `${hours}:${minutes}`)
const rotation = plain({
  id: fc.constantFrom('a', 'b-2', 'primary'),
  everyWeeks: fc.integer({ min: 1, max: 52 }),
  handOver: plain({
    weekday: fc.constantFrom(...scheduleDocument.shape.layers.element.shape.handOver.shape.weekday.options),
    time,
  }),
  zone: fc.constantFrom('UTC', 'Europe/Stockholm'),
  participants: fc.array(fc.option(fc.constantFrom(...handles)), { minLength: 1, maxLength: 8 }),
  startsOn: fc.constantFrom('2026-11-09', '1999-12-31'),
})
const schedule: fc.Arbitrary<ScheduleDocument> = plain({
  slug: fc.constantFrom(...slugs),
  name: fc.constant('A rota'),
  layers: fc.array(rotation, { maxLength: 4 }),
})
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
      const { definition, faults } = layersFromDocument(document, directory)
      assert.deepEqual(faults, [])
      assert.deepEqual(documentOfSchedule({ ...document, layers: definition }, names), document)
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
  assert.deepEqual(layersFromDocument({ layers }, directory).faults, [
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
