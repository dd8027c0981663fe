/** Groups that come in parts add up, and stand as the server would have them in one. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mergeGroups, type Group } from './queries.ts'

const group = (value: string | null, count: number, priority: Group['priority'], newestAt = 0): Group => ({
  values: [value],
  query: `q ${value}`,
  count,
  acknowledged: 1,
  priority,
  newestAt,
})

test('the same group in two parts is one, as urgent as its most urgent and as new as its newest', () => {
  const merged = mergeGroups([
    { rows: [group('a', 2, 'P3', 9), group(null, 50, 'P2')] },
    { rows: [group('a', 3, 'P1', 4), group('null', 60, 'P2')] },
  ])
  assert.deepEqual(
    merged.map(({ values, count, acknowledged, priority, newestAt }) => [
      values[0],
      count,
      acknowledged,
      priority,
      newestAt,
    ]),
    [
      ['a', 5, 2, 'P1', 9],
      ['null', 60, 1, 'P2', 0],
      [null, 50, 1, 'P2', 0],
    ],
  )
})
