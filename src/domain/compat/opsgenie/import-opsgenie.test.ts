/** What an import owes: every field stands in the report once, secrets in none, and duty is as it was. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { importOpsGenie, type OpsGenieImport } from './import-opsgenie.ts'
import { INVENTED_ACCOUNT, NAMED_ENVIRONMENTS, SECRETS } from './source.fixture.ts'
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

const done = importOpsGenie(INVENTED_ACCOUNT, NOW, NAMED_ENVIRONMENTS)
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
      const result = importOpsGenie(source, NOW, NAMED_ENVIRONMENTS)
      adheres(source, result)
      for (const word of result.afterwards.flat()) assert.match(word, /^[A-Za-z0-9:._-]+$/)
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
})

test('rules of one moment are one step, later ones count from it, and what cannot be told is refused', () => {
  const [usual, late, ...more] = done.document.escalationPolicies
  assert.deepEqual(
    more.map(({ slug }) => slug),
    ['first-line'],
  )
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

test('overrides and forwardings that are still to come are commands, and those that are over are not', () => {
  assert.deepEqual(
    done.afterwards.map((words) => words.join(' ')),
    [
      'override first-line --who bo.sample --from 2026-12-24T07:00:00.000Z --until 2026-12-27T07:00:00.000Z --rotation weekly',
      'override first-line --who nobody --from 2026-12-30T07:00:00.000Z --until 2026-12-31T07:00:00.000Z',
      'forward --who ada.sample-2 --to bo.sample --from 2026-12-20T00:00:00.000Z --until 2027-01-01T00:00:00.000Z',
    ],
  )
  const reason = (place: number) => why(FIRST_LINE, `scheduleOverrideList[${place}].startDate`)
  assert.match(reason(2), /is over/)
  assert.match(reason(3), /user was refused: .*blocked/)
  assert.match(reason(4), /none of the rotations/)
  assert.match(why('forwardings/f-2.json', 'id'), /is over/)
  assert.match(why('forwardings/f-3.json', 'id'), /user was refused/)
})

test('routing rules of a team are rules of its environment in their order, and none keeps quiet what a refused one paged', () => {
  const environments = ['acme-prod']
  assert.deepEqual(
    done.document.routingRules?.map(({ id, position, when, does }) => [position, id, when, does]),
    [
      [
        1,
        'forsta-linjen-storage',
        { environments, priorities: ['P1'] },
        { page: { escalationPolicy: 'late' } },
      ],
      [
        2,
        'forsta-linjen-storage-2',
        { environments, labels: [{ label: 'volume', oneOf: [] }] },
        { page: { escalationPolicy: 'late' } },
      ],
      [
        3,
        'forsta-linjen-tests',
        { environments, priorities: ['P5'], labels: [{ label: 'job', oneOf: ['e2e'] }] },
        { list: {} },
      ],
      [4, 'forsta-linjen-default', { environments }, { page: { escalationPolicy: 'first-line' } }],
    ],
  )
  assert.deepEqual(done.document.escalationPolicies.at(-1)?.steps, [
    { afterMinutes: 0, targets: [{ schedule: 'first-line' }] },
  ])
  const reason = (place: number) =>
    why('teams/Första linjen-t-1.json', `teamRoutingRules[${place}].notify.type`)
  assert.match(reason(3), /has hours/)
  assert.match(reason(4), /other things than priority and details/)
  assert.match(reason(5), /would be kept from paging/)
  assert.match(reason(6), /escalation was refused/)
})

test('a heartbeat is of the environment of its team, and one that would page nobody is pointed out', () => {
  assert.deepEqual(done.document.heartbeats, [
    { environment: 'globex-prod', name: 'main', everyMinutes: 10, priority: 3, enabled: true },
    {
      environment: 'acme-prod',
      name: 'Nightly copy',
      everyMinutes: 2_880,
      priority: 2,
      description: 'Ends with a ping',
      alertMessage: 'The nightly copy did not end',
      enabled: false,
    },
  ])
  assert.match(why('heartbeats/strange.json', 'interval'), /whole number of minutes/)
  const two = { team: 't-1', environment: 'acme-staging' }
  const several = importOpsGenie(INVENTED_ACCOUNT, NOW, [...NAMED_ENVIRONMENTS, two])
  assert.equal(several.document.heartbeats?.length, 1)
  assert.ok(several.refused.some((field) => /acme-prod and acme-staging are named/.test(field.why)))
})

test('without an environment no rule and no heartbeat is made up, and the report says what to name', () => {
  const bare = importOpsGenie(INVENTED_ACCOUNT, NOW)
  assert.equal(bare.document.routingRules, undefined)
  assert.equal(bare.document.heartbeats, undefined)
  const reasons = bare.refused.map((field) => field.why).join('\n')
  assert.match(reasons, /name that of its team with --environment team=slug/)
  assert.match(reasons, /not to a team: name it with --environment team=slug/)
  const strange = importOpsGenie(INVENTED_ACCOUNT, NOW, [{ team: 'Nobody', environment: 'acme-prod' }])
  assert.deepEqual(strange.unknownTeams, ['Nobody'])
})

test('what the document says and the source does not is named', () => {
  assert.deepEqual(
    done.added.map(({ path }) => path),
    [
      'schedules.first-line.combine',
      'escalationPolicies.default-2.fallback',
      'escalationPolicies.late.fallback',
      'escalationPolicies.first-line.fallback',
      'escalationPolicies.first-line',
      'heartbeats.globex-prod/main.priority 3',
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

test('policies become alert policies in their order where they can be said here, and are refused whole where they would do more', () => {
  const done = importOpsGenie(INVENTED_ACCOUNT, NOW)
  const { alertPolicies = [], teams } = done.document
  const team = { label: 'team', oneOf: [teams[0]?.slug ?? ''] }
  assert.deepEqual(alertPolicies, [
    {
      id: 'short-ones',
      name: 'Short ones',
      when: { labels: [team] },
      does: { delay: { minutes: 10 } },
      position: 1,
    },
    {
      id: 'short-ones-2',
      name: 'Short ones',
      when: { labels: [team] },
      does: { autoClose: { minutes: 1_440 } },
      position: 2,
    },
    {
      id: 'shop-words',
      name: 'Shop words',
      when: { labels: [{ label: 'app', oneOf: ['shop'] }], priorities: ['P3'] },
      does: {
        rewrite: { message: 'Shop on {{labels.cluster}}: {{message}}', priority: 'P1', addTags: ['shop'] },
      },
      last: true,
      position: 3,
    },
  ])
  const whyOf = (file: string) =>
    new Set(done.refused.filter((field) => field.file === file).map(({ why }) => why))
  assert.match([...whyOf('policiesV2/p-1.json')].join(), /switched off/)
  assert.match([...whyOf('policiesV2/p-4.json')].join(), /other things than priority and details/)
})
