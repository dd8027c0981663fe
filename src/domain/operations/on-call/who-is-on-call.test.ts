/** Proves the rota against one that is lived through quarter of an hour by quarter of an hour, over random zones, layers and overrides. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { intervalSet } from '../../time/interval.ts'
import { clockReads, troublesomeZones } from '../../time/wall-clock.oracle.ts'
import { liveThrough, stepMs } from './rota.oracle.ts'
import { checkSchedule } from './check-schedule.ts'
import type { Override, Participant, Rotation, Schedule, WeeklyRotation, WeekTime } from './schedule.ts'
import { shiftsBetween } from './shifts.ts'
import { nextOnCall, previousOnCall, whoIsOnCall } from './who-is-on-call.ts'

const numRuns = Number(process.env['FORTNIGHT_RUNS'] ?? 20)
const dayMs = 86_400_000
const utc = (text: string) => Date.parse(text)
const people = ['alva', 'birk', 'ceder', 'dagny']

/** Around clock changes and the date-line jump of Apia, and anywhere else. */
const startDates = [
  '2011-12-14',
  '2016-05-30',
  '2026-03-16',
  '2026-03-27',
  '2026-10-19',
  '2026-10-25',
  '2027-01-01',
  '2028-02-28',
]
const awkwardTimes = ['00:00', '01:30', '01:45', '02:00', '02:30', '02:45', '03:00', '09:00', '23:45']
const quarterTimes = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom('00', '15', '30', '45'))
  .map(([hour, minutes]) => `${String(hour).padStart(2, '0')}:${minutes}`)

const someWeekday = fc.constantFrom<WeekTime['weekday'][]>(1, 2, 3, 4, 5, 6, 7, 7, 7)
const someTime = fc.oneof(fc.constantFrom(...awkwardTimes), quarterTimes)
const someWeekTime = fc.record({ weekday: someWeekday, time: someTime })
const kinds = {
  weekly: fc.record({
    kind: fc.constant('weekly' as const),
    everyWeeks: fc.integer({ min: 1, max: 3 }),
    handOver: someWeekTime,
  }),
  daily: fc.record({
    kind: fc.constant('daily' as const),
    everyDays: fc.integer({ min: 1, max: 9 }),
    handOver: fc.record({ time: someTime }),
  }),
  monthly: fc.record({
    kind: fc.constant('monthly' as const),
    everyMonths: fc.integer({ min: 1, max: 2 }),
    handOver: fc.record({ dayOfMonth: fc.constantFrom(1, 15, 25, 28, 29, 30, 31), time: someTime }),
  }),
  hourly: fc.record({
    kind: fc.constant('hourly' as const),
    everyHours: fc.constantFrom(1, 1, 2, 3, 6, 8, 12, 20),
    handOver: fc.record({ time: someTime }),
  }),
}
const someKind = fc.oneof(kinds.weekly, kinds.daily, kinds.monthly, kinds.hourly)
const teams = { first: ['ceder', 'dagny'], second: ['birk', 'alva', 'ceder'], empty: [] }
const somebody = fc.constantFrom<Participant[]>(...people)
const somebodyOrNobody = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<Participant[]>(...people) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<Participant[]>(null, { team: 'first' }, { team: 'second' }, { team: 'empty' }),
  },
)
const someRestriction = fc.option(
  fc.oneof(
    fc.record({ kind: fc.constant('time-of-day' as const), from: someTime, to: someTime }),
    fc.record({
      kind: fc.constant('weekday-and-time-of-day' as const),
      spans: fc.array(fc.record({ from: someWeekTime, to: someWeekTime }), { minLength: 1, maxLength: 4 }),
    }),
  ),
  { nil: undefined },
)
const someOverride = fc.record({
  accountId: fc.constantFrom(...people, null),
  startSteps: fc.integer({ min: 0, max: 40 * 96 }),
  lengthSteps: fc.integer({ min: 1, max: 7 * 96 }),
  rotationIds: fc.option(fc.subarray(['layer-0', 'layer-1', 'layer-2'], { minLength: 1 }), {
    nil: undefined,
    freq: 2,
  }),
})
const dateLater = (date: string, days: number) =>
  new Date(utc(date) + days * dayMs).toISOString().slice(0, 10)

/** A schedule, and an instant on a quarter of an hour before any of it starts. */
const someSchedule = fc
  .record({
    startsOn: fc.constantFrom(...startDates),
    combine: fc.constantFrom('top' as const, 'all' as const, undefined),
    layers: fc.array(
      fc.record({
        kind: someKind,
        participants: fc.array(somebodyOrNobody, { minLength: 1, maxLength: 5 }),
        zone: fc.constantFrom(...troublesomeZones),
        lateDays: fc.integer({ min: 0, max: 20 }),
        restriction: someRestriction,
        endsDays: fc.option(fc.integer({ min: 0, max: 40 }), { nil: undefined, freq: 2 }),
        onlyDays: fc.option(fc.array(fc.integer({ min: 0, max: 45 }), { minLength: 1, maxLength: 12 }), {
          nil: undefined,
          freq: 2,
        }),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    overrides: fc.array(someOverride, { maxLength: 4 }),
    forwardings: fc.array(
      fc.record({
        accountId: fc.constantFrom(...people),
        toAccountId: fc.constantFrom(...people),
        startSteps: fc.integer({ min: 0, max: 40 * 96 }),
        lengthSteps: fc.integer({ min: 1, max: 7 * 96 }),
      }),
      { maxLength: 3 },
    ),
  })
  .map(({ startsOn, layers, overrides, combine, ...more }): { schedule: Schedule; before: number } => {
    const before = utc(`${startsOn}T00:00Z`) - 2 * dayMs
    const rotations = layers.map(({ kind, lateDays, endsDays, onlyDays, ...rest }, i): Rotation => {
      const begins = dateLater(startsOn, lateDays)
      return {
        ...kind,
        ...rest,
        id: `layer-${i}`,
        startsOn: begins,
        ...(endsDays === undefined ? {} : { endsOn: dateLater(begins, endsDays) }),
        ...(onlyDays ? { onlyOn: onlyDays.map((days) => dateLater(startsOn, days)) } : {}),
      }
    })
    const covers = overrides.map(({ accountId, startSteps, lengthSteps, rotationIds }, i): Override => {
      const from = before + startSteps * stepMs
      return { id: `override-${i}`, accountId, from, to: from + lengthSteps * stepMs, rotationIds }
    })
    const forwardings = more.forwardings.map(({ accountId, toAccountId, startSteps, lengthSteps }, i) => {
      const from = before + startSteps * stepMs
      return { id: `forwarding-${i}`, accountId, toAccountId, from, to: from + lengthSteps * stepMs }
    })
    const rota = { id: 'first-line', layers: rotations, overrides: covers }
    return { before, schedule: { ...rota, combine, teams, forwardings } }
  })

const peopleAt = (schedule: Schedule, at: number) => {
  const answer = whoIsOnCall(schedule, at)
  return answer.kind === 'people' ? answer.people : []
}

const nameAt = (schedule: Schedule, at: number): string | null => {
  const answer = whoIsOnCall(schedule, at)
  return answer.kind === 'people' ? answer.people.map(({ accountId }) => accountId).join('+') : null
}

test('who is on call agrees with living through the rota, quarter of an hour by quarter of an hour', () => {
  fc.assert(
    fc.property(someSchedule, ({ schedule, before }) => {
      assert.equal(checkSchedule(schedule), null)
      const lived = liveThrough(schedule, before, before + 45 * dayMs)
      // Every step would cost minutes: ask at each change, at the step before it, and at every seventh.
      lived.forEach((expected, i) => {
        const changes = i > 0 && lived[i - 1] !== expected
        const changesNext = i + 1 < lived.length && lived[i + 1] !== expected
        if (!changes && !changesNext && i % 31 !== 0) return
        const at = before + i * stepMs
        assert.equal(nameAt(schedule, at), expected, new Date(at).toISOString())
      })
    }),
    { numRuns },
  )
})

test('an answer holds from its beginning up to its end, and its cause changes there', () => {
  fc.assert(
    fc.property(someSchedule, fc.integer({ min: 0, max: 50 * 1_440 }), ({ schedule, before }, minutes) => {
      const at = before + minutes * 60_000
      const answer = whoIsOnCall(schedule, at)
      if (answer.until === null) return
      assert.ok(at < answer.until)
      const last = whoIsOnCall(schedule, answer.until - 1)
      // A search for somebody in a rota that never has anybody ends somewhere; it may see further from further on.
      if (answer.kind === 'nobody') assert.deepEqual({ ...last, until: answer.until }, answer)
      else assert.deepEqual(last, answer)
      const after = whoIsOnCall(schedule, answer.until)
      assert.notDeepEqual(after, answer)
      if (answer.kind === 'people') assert.deepEqual(whoIsOnCall(schedule, answer.from), answer)
    }),
    { numRuns: numRuns * 10 },
  )
})

test('shifts cover exactly the instants at which somebody is on call', () => {
  fc.assert(
    fc.property(someSchedule, ({ schedule, before }) => {
      const [from, to] = [before, before + 45 * dayMs]
      const lived = liveThrough(schedule, from, to)
      const covered = intervalSet(
        shiftsBetween(schedule, from, to).map((shift) => ({
          from: shift.from,
          to: Math.min(shift.to, to),
        })),
      )
      const livedCover = intervalSet(
        lived.flatMap((name, i) =>
          name === null ? [] : [{ from: from + i * stepMs, to: from + (i + 1) * stepMs }],
        ),
      )
      assert.deepEqual(covered, livedCover)
    }),
    { numRuns: Math.ceil(numRuns / 2) },
  )
})

test('a window shows the same shifts as the whole timeline does', () => {
  fc.assert(
    fc.property(
      someSchedule,
      fc.integer({ min: 0, max: 40 * 1_440 }),
      fc.integer({ min: 1, max: 10 * 1_440 }),
      ({ schedule, before }, startMinutes, lengthMinutes) => {
        const from = before + startMinutes * 60_000
        const to = from + lengthMinutes * 60_000
        const whole = shiftsBetween(schedule, before, before + 80 * dayMs)
        assert.deepEqual(
          shiftsBetween(schedule, from, to),
          whole.filter((shift) => shift.from < to && shift.to > from),
        )
      },
    ),
    { numRuns: numRuns * 3 },
  )
})

test('turns go round in order, fairly, handing over forwards at the wall time or at the jump that swallowed it', () => {
  const rotationAlone = fc.record({
    turns: fc.oneof(kinds.weekly, kinds.daily, kinds.monthly),
    participants: fc.array(somebody, { minLength: 1, maxLength: 5 }),
    zone: fc.constantFrom(...troublesomeZones),
    startsOn: fc.constantFrom(...startDates),
  })
  fc.assert(
    fc.property(rotationAlone, ({ turns, zone, startsOn, participants }) => {
      const rotation: Rotation = { ...turns, participants, id: 'alone', zone, startsOn }
      const schedule: Schedule = { id: 'alone', layers: [rotation], overrides: [] }
      const from = utc(`${startsOn}T00:00Z`) - 2 * dayMs
      const shifts = shiftsBetween(schedule, from, from + 400 * dayMs)
      shifts.forEach((shift, i) => {
        assert.equal(shift.accountId, participants[i % participants.length])
        const next = shifts[i + 1]
        if (next === undefined) return
        assert.ok(shift.from < next.from && next.from <= shift.to, 'forwards, with no gap')
        assert.ok(shift.to - next.from <= 3 * 3_600_000, 'the overlap is that of one clock change')
        const wall = clockReads(next.from, zone)
        const justBefore = clockReads(next.from - 1_000, zone)
        const onTime = wall.slice(11, 16) === rotation.handOver.time
        assert.ok(
          onTime ||
            justBefore.slice(11, 16) < rotation.handOver.time ||
            justBefore.slice(0, 10) < wall.slice(0, 10),
        )
      })
      const turnsOf = (position: number) =>
        shifts.filter((_, i) => i % participants.length === position).length
      const counts = participants.map((_, position) => turnsOf(position))
      assert.ok(Math.max(...counts) - Math.min(...counts) <= 1)
    }),
    { numRuns: numRuns * 2 },
  )
})

const firstLine = (rotation: Partial<WeeklyRotation>, overrides: readonly Override[] = []): Schedule => ({
  id: 'first-line',
  overrides,
  layers: [
    {
      kind: 'weekly',
      id: 'weekly',
      everyWeeks: 1,
      handOver: { weekday: 1, time: '09:00' },
      zone: 'Europe/Stockholm',
      participants: ['alva', 'birk', 'ceder'],
      startsOn: '2026-11-23',
      ...rotation,
    },
  ],
})

test('the turn 12,000 hand-overs away is found at once and is the right one', () => {
  const schedule = firstLine({})
  const at = utc('2026-11-23T12:00Z') + 12_000 * 7 * dayMs
  const started = performance.now()
  const answer = whoIsOnCall(schedule, at)
  const tookMs = performance.now() - started
  const [person] = answer.kind === 'people' ? answer.people : []
  assert.equal(person?.accountId, ['alva', 'birk', 'ceder'][12_000 % 3])
  assert.deepEqual(person?.source, {
    kind: 'rotation',
    rotationId: 'weekly',
    turn: 12_000,
  })
  assert.ok(tookMs < 100, `${tookMs} ms: walking there takes longer`)
})

test('both engineers are on call between the two occurrences of their hand-over', () => {
  const schedule = firstLine({ handOver: { weekday: 7, time: '02:30' }, startsOn: '2026-10-18' })
  const [outgoing, incoming] = shiftsBetween(schedule, utc('2026-10-24T12:00Z'), utc('2026-10-26T12:00Z'))
  assert.equal(incoming!.from, utc('2026-10-25T00:30Z'))
  assert.equal(outgoing!.to, utc('2026-10-25T01:30Z'))
  assert.equal(nameAt(schedule, utc('2026-10-25T01:00Z')), 'birk')
  const inBetween = shiftsBetween(schedule, utc('2026-10-25T01:00Z'), utc('2026-10-25T01:01Z'))
  assert.deepEqual(
    inBetween.map(({ accountId }) => accountId),
    ['alva', 'birk'],
  )
})

test('an override in the overlap of a hand-over takes it over from both', () => {
  const rotation = { handOver: { weekday: 7, time: '02:30' }, startsOn: '2026-10-18' } as const
  const outgoingTo = (from: string) => {
    const cover = { id: 'cover', accountId: 'dagny', from: utc(from), to: utc('2026-10-25T06:00Z') }
    return shiftsBetween(firstLine(rotation, [cover]), utc('2026-10-24T12:00Z'), utc('2026-10-25T12:00Z'))[0]!
      .to
  }
  assert.equal(outgoingTo('2026-10-25T01:00Z'), utc('2026-10-25T01:00Z'))
  assert.equal(outgoingTo('2026-10-25T00:30Z'), utc('2026-10-25T00:30Z'))
  assert.equal(outgoingTo('2026-10-25T00:00Z'), utc('2026-10-25T00:00Z'))
})

const alone = (rotation: Rotation): Schedule => ({ id: 'alone', layers: [rotation], overrides: [] })
const three = { id: 'alone', zone: 'Europe/Stockholm', participants: ['alva', 'birk', 'ceder'] }

test('12,000 hand-overs away, a turn of any length is found at once', () => {
  const startsOn = '2026-01-31'
  const far: readonly [Rotation, string][] = [
    [{ ...three, startsOn, kind: 'hourly', everyHours: 8, handOver: { time: '08:00' } }, '2037-01-13T07:00Z'],
    [{ ...three, startsOn, kind: 'daily', everyDays: 1, handOver: { time: '08:00' } }, '2058-12-09T07:00Z'],
    [
      { ...three, startsOn, kind: 'monthly', everyMonths: 1, handOver: { dayOfMonth: 31, time: '08:00' } },
      '3026-01-31T07:00Z',
    ],
  ]
  for (const [rotation, at] of far) {
    const started = performance.now()
    const [person] = peopleAt(alone(rotation), utc(at))
    const tookMs = performance.now() - started
    assert.deepEqual(person?.source, { kind: 'rotation', rotationId: 'alone', turn: 12_000 }, rotation.kind)
    assert.equal(person?.from, utc(at))
    assert.equal(person?.accountId, ['alva', 'birk', 'ceder'][12_000 % 3])
    assert.ok(tookMs < 100, `${tookMs} ms: walking there takes longer`)
  }
})

test('hourly turns follow the wall clock: two hours where it goes back, none where it jumps', () => {
  const schedule = alone({
    ...three,
    kind: 'hourly',
    everyHours: 1,
    handOver: { time: '00:00' },
    startsOn: '2026-01-01',
  })
  const turnsOn = (from: string, to: string) =>
    shiftsBetween(schedule, utc(from), utc(to)).map(({ source, from: begins }) => [
      source.kind === 'rotation' ? source.turn % 24 : null,
      new Date(begins).toISOString().slice(11, 16),
    ])
  assert.deepEqual(turnsOn('2026-03-29T00:00Z', '2026-03-29T02:00Z'), [
    [1, '00:00'],
    [3, '01:00'],
  ])
  assert.deepEqual(turnsOn('2026-10-25T00:00Z', '2026-10-25T02:01Z'), [
    [1, '23:00'],
    [2, '00:00'],
    [3, '02:00'],
  ])
})

test('a month without the day is handed over on its last', () => {
  const handOver = { dayOfMonth: 31, time: '09:00' }
  const schedule = alone({ ...three, kind: 'monthly', everyMonths: 1, handOver, startsOn: '2028-01-15' })
  const begins = shiftsBetween(schedule, utc('2028-01-01T00:00Z'), utc('2028-06-15T00:00Z')).map(({ from }) =>
    clockReads(from, 'Europe/Stockholm').slice(0, 16),
  )
  assert.deepEqual(begins, [
    '2028-01-15T00:00',
    '2028-01-31T09:00',
    '2028-02-29T09:00',
    '2028-03-31T09:00',
    '2028-04-30T09:00',
    '2028-05-31T09:00',
  ])
})

test('a restriction over midnight ends in the morning, at the last of two readings of its end', () => {
  const night = (from: string, to: string) =>
    alone({
      ...three,
      kind: 'weekly',
      everyWeeks: 1,
      handOver: { weekday: 1, time: '12:00' },
      startsOn: '2026-10-19',
      restriction: { kind: 'time-of-day', from, to },
    })
  const stretches = (schedule: Schedule) =>
    shiftsBetween(schedule, utc('2026-10-24T12:00Z'), utc('2026-10-25T12:00Z')).map(({ from, to }) =>
      [from, to].map((at) => new Date(at).toISOString().slice(8, 16)),
    )
  assert.deepEqual(stretches(night('18:00', '08:00')), [['24T16:00', '25T07:00']])
  assert.deepEqual(stretches(night('18:00', '02:30')), [['24T16:00', '25T01:30']])
  assert.deepEqual(stretches(night('02:30', '04:00')), [['25T00:30', '25T03:00']])
  assert.equal(stretches(night('18:00', '18:00')).length, 1, 'equal ends mean always')
})

test('several are on call together where rotations add up, each once and in the order of the layers', () => {
  const weeklyOf = (id: string, participants: Rotation['participants']): Rotation => ({
    kind: 'weekly',
    id,
    participants,
    everyWeeks: 1,
    handOver: { weekday: 1, time: '09:00' },
    zone: 'Europe/Stockholm',
    startsOn: '2026-11-23',
  })
  const layers = [
    weeklyOf('first', ['alva']),
    weeklyOf('second', [{ team: 'night' }]),
    weeklyOf('third', [null]),
  ]
  const rota = { id: 'rota', layers, overrides: [], teams: { night: ['birk', 'alva'] } }
  const now = utc('2026-11-24T12:00Z')
  assert.equal(nameAt({ ...rota, combine: 'all' }, now), 'alva+birk')
  assert.equal(nameAt({ ...rota, combine: 'top' }, now), 'birk+alva')
  const cover = {
    id: 'cover',
    accountId: 'dagny',
    from: now - 1,
    to: now + 1,
    rotationIds: ['first', 'third'],
  }
  assert.equal(nameAt({ ...rota, combine: 'all', overrides: [cover] }, now), 'dagny+birk+alva')
  assert.equal(nameAt({ ...rota, combine: 'top', overrides: [cover] }, now), 'birk+alva')
  const later = { ...cover, id: 'later', accountId: 'ceder', rotationIds: ['first'] }
  assert.equal(nameAt({ ...rota, combine: 'all', overrides: [cover, later] }, now), 'ceder+birk+alva')
  const off = { ...cover, id: 'off', accountId: null, rotationIds: undefined }
  assert.deepEqual(whoIsOnCall({ ...rota, combine: 'all', overrides: [off, cover] }, now), {
    kind: 'nobody',
    onPurpose: true,
    until: now + 1,
  })
})

test('a forwarded duty is answered by another, once, and says whose it is', () => {
  const [from, to] = [utc('2026-11-24T10:00Z'), utc('2026-11-24T14:00Z')]
  const forwardings = [
    { id: 'a', accountId: 'alva', toAccountId: 'birk', from, to },
    { id: 'b', accountId: 'birk', toAccountId: 'ceder', from, to },
  ]
  const shifts = shiftsBetween({ ...firstLine({}), forwardings }, from - 1, to + 1)
  assert.deepEqual(
    shifts.map((shift) => [shift.accountId, shift.forwardedFrom, shift.from === from || shift.to === from]),
    [
      ['alva', undefined, true],
      ['birk', 'alva', true],
      ['alva', undefined, false],
    ],
  )
})

test('a window ends before the shift that begins at its end', () => {
  const window = [utc('2026-11-24T00:00Z'), utc('2026-11-30T08:00Z')] as const
  assert.deepEqual(
    shiftsBetween(firstLine({}), ...window).map(({ accountId }) => accountId),
    ['alva'],
  )
})

test('a hand-over at midnight stays done when the clock goes back into the evening before', () => {
  // Newfoundland went from 00:01 on Sunday back to 23:01 on Saturday.
  const handOver = { weekday: 7, time: '00:00' } as const
  const schedule = firstLine({ handOver, zone: 'America/St_Johns', startsOn: '2010-10-31' })
  assert.equal(nameAt(schedule, utc('2010-11-07T02:29Z')), 'alva')
  assert.equal(nameAt(schedule, utc('2010-11-07T02:30Z')), 'birk')
  assert.equal(nameAt(schedule, utc('2010-11-07T03:00Z')), 'birk')
  const [outgoing] = shiftsBetween(schedule, utc('2010-11-07T03:00Z'), utc('2010-11-07T04:00Z'))
  assert.equal(outgoing!.to, utc('2010-11-07T03:30Z'))
})

test('a rota made in mid-week has somebody on call that very day, and is handed over on time', () => {
  const schedule = firstLine({ startsOn: '2026-11-25' })
  assert.equal(nameAt(schedule, utc('2026-11-24T22:59Z')), null)
  assert.equal(nameAt(schedule, utc('2026-11-24T23:00Z')), 'alva')
  assert.equal(nameAt(schedule, utc('2026-11-30T07:59Z')), 'alva')
  assert.equal(nameAt(schedule, utc('2026-11-30T08:00Z')), 'birk')
})

test('an override replaces the rota for its length only, and the later of two wins', () => {
  const cover = (id: string, accountId: string | null, from: string, to: string): Override => ({
    id,
    accountId,
    from: utc(from),
    to: utc(to),
  })
  const schedule = firstLine({}, [
    cover('dentist', 'dagny', '2026-11-24T10:00Z', '2026-11-24T14:00Z'),
    cover('nobody', null, '2026-11-24T12:00Z', '2026-11-24T13:00Z'),
  ])
  const answers = ['09:59', '10:00', '12:00', '13:00', '14:00'].map((time) =>
    nameAt(schedule, utc(`2026-11-24T${time}Z`)),
  )
  assert.deepEqual(answers, ['alva', 'dagny', null, 'dagny', 'alva'])
  const off = whoIsOnCall(schedule, utc('2026-11-24T12:30Z'))
  assert.deepEqual(off, { kind: 'nobody', onPurpose: true, until: utc('2026-11-24T13:00Z') })
})

test('next on call is the next other person, by override or by turn, and nobody when there is no other', () => {
  const now = utc('2026-11-24T08:00Z')
  assert.equal(nextOnCall(firstLine({}), now)?.accountId, 'birk')
  assert.equal(nextOnCall(firstLine({}), now)?.from, utc('2026-11-30T08:00Z'))
  const covered = firstLine({}, [{ id: 'cover', accountId: 'dagny', from: now + dayMs, to: now + 2 * dayMs }])
  assert.deepEqual(nextOnCall(covered, now)?.source, { kind: 'override', overrideId: 'cover' })
  assert.equal(nextOnCall(firstLine({ participants: ['alva'] }), now), null)
  assert.equal(nextOnCall(firstLine({ startsOn: '2026-12-07' }), now)?.accountId, 'alva')
})

test('next on call is the first of the following answers with somebody who is not on call now', () => {
  fc.assert(
    fc.property(someSchedule, fc.integer({ min: 0, max: 40 * 96 }), ({ schedule, before }, step) => {
      const at = before + step * stepMs
      const lived = liveThrough(schedule, before, at + 30 * dayMs).slice(step)
      const current = lived[0]?.split('+') ?? []
      const place = lived.findIndex((names) => names?.split('+').some((name) => !current.includes(name)))
      const next = nextOnCall(schedule, at)
      if (place < 0) assert.ok(next === null || next.from >= at + 30 * dayMs)
      else {
        assert.equal(
          next?.accountId,
          lived[place]?.split('+').find((name) => !current.includes(name)),
        )
        assert.equal(next?.from, at + place * stepMs)
      }
    }),
    { numRuns },
  )
})

test('who was on call before is the last of the answers until now with somebody who is not on call now', () => {
  fc.assert(
    fc.property(someSchedule, fc.integer({ min: 0, max: 40 * 96 }), ({ schedule, before }, step) => {
      const lived = liveThrough(schedule, before, before + (step + 1) * stepMs)
      const current = lived[step]?.split('+') ?? []
      const place = lived.findLastIndex((names) => names?.split('+').some((name) => !current.includes(name)))
      const previous = previousOnCall(schedule, before + step * stepMs)
      // Only the lived-through stretch is known: nobody takes turns before it.
      assert.equal(
        previous?.accountId,
        place < 0 ? undefined : lived[place]?.split('+').find((name) => !current.includes(name)),
      )
    }),
    { numRuns },
  )
})

test('a schedule without layers has nobody on call, for ever', () => {
  const empty: Schedule = { id: 'empty', layers: [], overrides: [] }
  assert.deepEqual(whoIsOnCall(empty, 0), { kind: 'nobody', onPurpose: false, until: null })
  assert.deepEqual(shiftsBetween(empty, 0, 1), [])
  assert.equal(nextOnCall(empty, 0), null)
  assert.equal(previousOnCall(empty, 0), null)
})
