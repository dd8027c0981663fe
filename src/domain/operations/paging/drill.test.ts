/** When a drill is proved or missed, and when the weekly one rings. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { weekdayOf } from '../../time/calendar-date.ts'
import { day, hour, minute } from '../../time/instant.ts'
import { dateAt, wallTimeAt } from '../../time/zone.ts'
import { applyDrill, decideDrill, isProven, noDrill, TAKEN_WITHIN_MS, type DrillState } from './drill.ts'
import { checkDrillTime, nextDrillAt, stillRings } from './drill-plan.ts'

const at = Date.UTC(2026, 10, 10, 9)
const after = (
  state: DrillState,
  ...commands: readonly (readonly [Parameters<typeof decideDrill>[1], number])[]
) =>
  commands.reduce((before, [command, now]) => {
    const decided = decideDrill(before, command, now)
    assert.ok(!('refused' in decided), JSON.stringify(decided))
    return decided.reduce(applyDrill, before)
  }, state)
const asked = (whom: string | null) => after(noDrill, [{ kind: 'ask', whom }, at])

test('whoever takes it proves it; of a drill of one person only that person does', () => {
  assert.equal(after(asked(null), [{ kind: 'ring' }, at], [{ kind: 'take', by: 'bo' }, at]).status, 'proved')
  assert.equal(after(asked('bo'), [{ kind: 'ring' }, at], [{ kind: 'take', by: 'bo' }, at]).status, 'proved')
  assert.equal(
    after(asked('bo'), [{ kind: 'ring' }, at], [{ kind: 'take', by: 'cleo' }, at]).status,
    'missed',
  )
})

test('it is missed at its time and not before, also when nothing ever rang', () => {
  assert.deepEqual(decideDrill(asked(null), { kind: 'expire' }, at + TAKEN_WITHIN_MS - 1), {
    refused: true,
    code: 'drill-not-due',
    detail: 'This drill may still be taken.',
  })
  assert.deepEqual(decideDrill(asked(null), { kind: 'expire' }, at + TAKEN_WITHIN_MS), [
    { kind: 'missed', why: 'nothing-rang' },
  ])
})

test('what is over stays as it ended', () => {
  const over = after(asked(null), [{ kind: 'take', by: 'bo' }, at])
  for (const kind of ['expire', 'ring'] as const)
    assert.ok('refused' in decideDrill(over, { kind }, at + day))
})

test('proven is a week, with room for the drill itself', () => {
  assert.equal(isProven(null, at), false)
  assert.equal(isProven(at, at + 7 * day + hour), true)
  assert.equal(isProven(at, at + 7 * day + 2 * hour), false)
})

test('the next drill is the first wall time of that weekday after now, within eight days, in every zone', () => {
  const zone = fc.constantFrom(
    'Europe/Stockholm',
    'Australia/Lord_Howe',
    'Asia/Kolkata',
    'Pacific/Apia',
    'UTC',
  )
  const time = fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
    .map(([h, m]) => `${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}`)
  fc.assert(
    fc.property(
      fc.integer({ min: Date.UTC(2024, 0), max: Date.UTC(2030, 0) }),
      fc.integer({ min: 1, max: 7 }),
      time,
      zone,
      (now, weekday, wall, place) => {
        const next = nextDrillAt({ weekday, time: wall, zone: place }, now)
        assert.ok(next > now && next <= now + 7 * day + 2 * hour)
        const shown = wallTimeAt(next, place)
        assert.equal(weekdayOf(dateAt(next, place)), weekday)
        // A time that the clock leaves out rings at the jump.
        assert.ok(shown.slice(11, 16) >= wall)
      },
    ),
    { numRuns: Number(process.env['FORTNIGHT_RUNS'] ?? 200) },
  )
})

test('what is late by an hour waits for next week, and odd times are refused', () => {
  assert.equal(stillRings(at, at + hour), true)
  assert.equal(stillRings(at, at + hour + minute), false)
  assert.equal(checkDrillTime({ weekday: 2, time: '10:00', zone: 'Europe/Stockholm' }), null)
  for (const odd of [
    { weekday: 0, time: '10:00', zone: 'UTC' },
    { weekday: 2, time: '24:00', zone: 'UTC' },
    { weekday: 2, time: '10:00', zone: 'Nowhere/Here' },
  ])
    assert.equal(checkDrillTime(odd)?.code, 'drill-time-unusable')
})
