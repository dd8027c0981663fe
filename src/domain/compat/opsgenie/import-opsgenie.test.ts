/** What an import owes: every field stands in the report once, secrets in none, and duty is as it was. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { importOpsGenie, type OpsGenieImport } from './import-opsgenie.ts'
import { INVENTED_ACCOUNT, SECRETS } from './source.fixture.ts'
import type { SourceFile } from './fields.ts'

const NOW = Date.UTC(2026, 10, 23)
const runs = Number(process.env['FORTNIGHT_RUNS'] ?? 300)

/** Counted another way than the import does: by what JSON's own reader visits. */
const countFields = (value: unknown): number => {
  let fields = 0
  JSON.parse(JSON.stringify(value), (_, part: unknown) => {
    if (typeof part !== 'object' || part === null || Object.keys(part).length === 0) fields += 1
    return part
  })
  return fields
}

const adheres = (source: readonly SourceFile[], done: OpsGenieImport): void => {
  const all = [...done.imported, ...done.changed, ...done.refused]
  assert.equal(all.length, done.fields)
  assert.equal(
    done.fields,
    source.reduce((sum, { value }) => sum + countFields(value), 0),
  )
  assert.equal(
    new Set(all.map(({ file, path }) => `${file}\n${path}`)).size,
    all.length,
    'a field stands twice',
  )
  for (const { why } of [...done.changed, ...done.refused]) assert.notEqual(why, '')
}

const done = importOpsGenie(INVENTED_ACCOUNT, NOW)
const why = (file: string, path: string): string => {
  const found = [...done.changed, ...done.refused].find((field) => field.file === file && field.path === path)
  assert.ok(found, `${file} ${path} was neither changed nor refused`)
  return found.why
}
const FIRST_LINE = 'schedules/First line-s-1.json'

test('every field of an account that says everything is imported, changed or refused, once', () => {
  adheres(INVENTED_ACCOUNT, done)
  assert.equal(done.refused.filter(({ why: reason }) => reason.includes('does not know')).length, 5)
})

/** Objects that resemble the real ones, with any value anywhere. */
const value = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom('weekly', 'user', 'u-1', 'u-2', 's-1', 't-1', 'UTC', 'team', 'schedule'),
  },
  fc.jsonValue({ maxDepth: 2 }),
  fc.integer({ min: -1, max: 90 }),
  fc.constant('2024-01-08T07:00:00Z'),
)
const KEYS = [
  'id',
  'name',
  'username',
  'type',
  'role',
  'user',
  'team',
  'notifyType',
  'length',
  'endDate',
  'restrictions',
]
const mutated = (
  given: unknown,
  picks: readonly { key: string; value: unknown; odds: number }[],
): unknown => {
  let step = 0
  const visit = (part: unknown): unknown => {
    step += 1
    const pick = picks[step % picks.length]
    if (pick && pick.odds === 0) return pick.value
    if (Array.isArray(part)) return part.map(visit)
    if (typeof part !== 'object' || part === null) return part
    const entries = Object.entries(part).map(([key, inner]) => [key, visit(inner)])
    return Object.fromEntries(pick?.odds === 1 ? [...entries, [pick.key, pick.value]] : entries)
  }
  return visit(given)
}
const picks = fc.array(
  fc.record({ key: fc.oneof(fc.constantFrom(...KEYS), fc.string()), value, odds: fc.nat({ max: 12 }) }),
  { minLength: 1, maxLength: 97 },
)

test('whatever a source says, the three lists add up to its fields and no field is in two', () => {
  fc.assert(
    fc.property(picks, (chosen) => {
      const source = INVENTED_ACCOUNT.map((file) => ({ ...file, value: mutated(file.value, chosen) }))
      adheres(source, importOpsGenie(source, NOW))
    }),
    { numRuns: runs },
  )
})

test('no key, no number and no header of the source is in the document or the report', () => {
  const text = JSON.stringify(done)
  for (const secret of SECRETS) assert.ok(!text.includes(secret), secret)
})

test('people have a handle each, the nearest role, and a zone that exists', () => {
  assert.deepEqual(
    done.document.accounts.map(({ handle, email, name, roles, locale, zone }) => [
      handle,
      email,
      name,
      roles,
      locale,
      zone,
    ]),
    [
      ['ada.sample', 'ada.sample@example.com', 'Ada Other', ['management'], 'en-GB', 'Europe/Stockholm'],
      [
        'ada.sample-2',
        'ada.sample@example.org',
        'Ada Sample',
        ['administrator'],
        'en-GB',
        'Europe/Stockholm',
      ],
      ['bo.sample', 'bo.sample@example.org', 'Bo Sample', ['engineer'], 'en-GB', 'Europe/Stockholm'],
      ['cy.sample', 'cy.sample@example.org', 'Cy Sample', ['engineer'], 'en-GB', 'Europe/Stockholm'],
      ['di.sample', 'di.sample@example.org', 'Di  Sample', ['engineer'], undefined, undefined],
    ],
  )
  assert.match(why('users/gone@example.org-u-5.json', 'user.username'), /blocked/)
  assert.match(why('users/not an address-u-7.json', 'user.id'), /not an e-mail address/)
})

test('a team keeps its people once, and those who were refused are named with the reason', () => {
  assert.deepEqual(done.document.teams, [
    {
      slug: 'forsta-linjen',
      name: 'Första linjen',
      members: [
        { person: 'ada.sample-2', role: 'admin' },
        { person: 'bo.sample', role: 'member' },
        { person: 'cy.sample', role: 'member' },
      ],
    },
  ])
  assert.match(why('teams/Första linjen-t-1.json', 'team.members[3].user.id'), /user was refused: .*blocked/)
})

test('rotations keep their turns, hours and people, and are on call together', () => {
  const [schedule, ...more] = done.document.schedules
  assert.deepEqual(more, [], 'a disabled schedule puts nobody on call')
  assert.equal(schedule?.combine, 'all')
  const people = ['ada.sample-2', 'bo.sample']
  const zone = 'Europe/Stockholm'
  const startsOn = '2024-01-08'
  const time = '08:00'
  assert.deepEqual(schedule?.layers, [
    {
      id: 'weekly',
      everyWeeks: 2,
      startsOn,
      handOver: { weekday: 'monday', time },
      zone,
      participants: people,
    },
    {
      id: 'by-day',
      everyDays: 1,
      startsOn,
      handOver: { time },
      zone,
      participants: people,
      restriction: { kind: 'time-of-day', from: '08:00', to: '17:30' },
    },
    {
      id: 'by-night',
      everyHours: 12,
      startsOn,
      handOver: { time },
      zone,
      participants: people,
      restriction: { kind: 'time-of-day', from: '20:00', to: '06:30' },
    },
    {
      id: 'by-month',
      everyMonths: 1,
      startsOn,
      handOver: { dayOfMonth: 8, time },
      zone,
      participants: people,
      restriction: {
        kind: 'weekday-and-time-of-day',
        spans: [
          { from: { weekday: 'friday', time: '18:00' }, to: { weekday: 'monday', time: '08:00' } },
          { from: { weekday: 'wednesday', time: '12:15' }, to: { weekday: 'wednesday', time: '13:45' } },
        ],
      },
    },
    {
      id: 'mixed',
      everyWeeks: 1,
      startsOn,
      handOver: { weekday: 'monday', time },
      zone,
      participants: [{ team: 'forsta-linjen' }, null, null, null],
    },
  ])
})

test('what a rotation loses is said where it stood', () => {
  const reason = (path: string) => why(FIRST_LINE, `schedule.rotations${path}`)
  assert.match(reason('[1].startDate'), /whole minutes/)
  assert.match(reason('[2].type'), /wall clock/)
  assert.match(reason('[3].endDate'), /has no end here/)
  assert.match(reason('[4].participants[2].id'), /escalation cannot take a turn.*nobody is on call/)
  assert.match(reason('[4].participants[3].username'), /no such user/)
  assert.match(reason('[5].name'), /has ended/)
  assert.match(reason('[6].length'), /none of its participants/)
  assert.match(reason('[7].timeRestriction.type'), /would count always/)
  assert.match(reason('[8].type'), /not known here/)
  assert.match(why(FIRST_LINE, 'scheduleOverrideList[0].alias'), /not taken over yet/)
})

test('rules of one moment are one step, later ones count from it, and what cannot be told is refused', () => {
  const [usual, late, ...more] = done.document.escalationPolicies
  assert.deepEqual(more, [])
  assert.equal(usual?.slug, 'default-2', 'no import decides what serves everybody')
  assert.deepEqual(usual?.steps, [
    { afterMinutes: 0, targets: [{ schedule: 'first-line' }] },
    {
      afterMinutes: 10,
      targets: [
        { schedule: 'first-line', who: 'next' },
        { schedule: 'first-line', who: 'previous' },
      ],
    },
    { afterMinutes: 1, unless: 'closed', targets: [{ team: 'forsta-linjen', who: 'admins' }] },
    {
      afterMinutes: 19,
      targets: [{ team: 'forsta-linjen' }],
    },
    { afterMinutes: 10, targets: [{ person: 'ada.sample' }] },
    { afterMinutes: 5, targets: [{ schedule: 'first-line', who: 'everybody' }] },
    { afterMinutes: 75, targets: [{ schedule: 'first-line', who: 'everybody' }] },
  ])
  assert.equal(usual?.repeat, 9)
  assert.deepEqual(late?.steps, [{ afterMinutes: 0, targets: [{ schedule: 'first-line' }] }])
  const reason = (path: string) => why('escalations/Default-e-1.json', path)
  assert.match(reason('rules[3].delay.timeAmount'), /a minute apart/)
  assert.match(reason('rules[9].notifyType'), /admins of a schedule/)
  assert.match(reason('rules[10].recipient.id'), /schedule was refused: it is disabled/)
  assert.match(reason('repeat.waitInterval'), /longest wait/)
  assert.match(reason('repeat.resetRecipientStates'), /stays/)
  assert.match(why('escalations/Late-e-2.json', 'rules[0].delay.timeAmount'), /begins at once/)
  assert.match(why('escalations/Empty-e-3.json', 'name'), /none of its rules/)
})

test('what the document says and the source does not is named', () => {
  assert.deepEqual(
    done.added.map(({ path }) => path),
    [
      'schedules.first-line.combine',
      'escalationPolicies.default-2.fallback',
      'escalationPolicies.late.fallback',
    ],
  )
})

test('ten thousand people and a tower of brackets are read in bounded time', () => {
  let tower: unknown = 1
  for (let depth = 0; depth < 5_000; depth += 1) tower = [tower]
  const many = Array.from({ length: 10_000 }, (_, number) => ({
    path: `users/${number}.json`,
    value: { user: { id: `u-${number}`, username: `sample@h${number}.example.org`, fullName: 'Sample' } },
  }))
  // Time of this process alone: the machine may be busy with others.
  const begun = process.cpuUsage()
  const large = importOpsGenie([...many, { path: 'users/tower.json', value: { user: tower } }], NOW)
  assert.equal(large.document.accounts.length, 10_000)
  assert.equal(large.fields, 30_001)
  assert.equal(large.document.accounts.at(-1)?.handle, 'sample-10000')
  assert.ok(process.cpuUsage(begun).user < 10_000_000)
})
