/** Questions as people and programs could ask them, for tests: every kind of term, nested. */
import fc from 'fast-check'
import type { Priority } from '../priority.ts'
import { and, not, or, type Query, type Term } from './query.ts'

const op = fc.constantFrom('=' as const, '<' as const, '<=' as const, '>' as const, '>=' as const)

/** Plain objects, as reading makes them. */
const treeOf = (term: fc.Arbitrary<Term>): fc.Arbitrary<Query> => {
  const { tree } = fc.letrec<{ tree: Query }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      term,
      fc.array(tie('tree'), { minLength: 2, maxLength: 4 }).map((parts) => and(...parts)),
      fc.array(tie('tree'), { minLength: 2, maxLength: 4 }).map((parts) => or(...parts)),
      tie('tree').map(not),
    ),
  }))
  return tree.map((query) => JSON.parse(JSON.stringify(query)) as Query)
}

/** @param vocabulary words that the alerts hold, so that questions find something */
export const anyQuery = (vocabulary: {
  readonly words: readonly string[]
  readonly names: readonly string[]
  readonly instants: readonly number[]
}): fc.Arbitrary<Query> => {
  const text = fc.constantFrom(...vocabulary.words)
  const wanted = fc.oneof(
    text.map((word) => ({ text: word, wild: false })),
    fc.tuple(text, fc.nat({ max: 5 })).map(([word, at]) => ({
      text: `${word.slice(0, at)}*${word.slice(at + 1)}`.replace(/[\s()"]/g, ''),
      wild: true,
    })),
  )
  const moment = fc.oneof(
    fc.constantFrom(...vocabulary.instants).map((at) => ({ at })),
    fc.integer({ min: -100_000, max: 100_000 }).map((seconds) => ({ fromNowMs: seconds * 1_000 })),
  )
  const term: fc.Arbitrary<Term> = fc.oneof(
    fc.record({
      kind: fc.constant('status' as const),
      is: fc.constantFrom('open' as const, 'acknowledged' as const, 'closed' as const),
    }),
    fc.record({
      kind: fc.constant('truth' as const),
      field: fc.constantFrom('acknowledged' as const, 'isSeen' as const, 'snoozed' as const),
      is: fc.boolean(),
    }),
    fc.record({
      kind: fc.constant('priority' as const),
      op,
      value: fc.integer({ min: 1, max: 5 }).map((value) => value as Priority),
    }),
    fc.record({ kind: fc.constant('count' as const), op, value: fc.nat({ max: 4 }) }),
    fc.record({
      kind: fc.constant('moment' as const),
      field: fc.constantFrom('createdAt' as const, 'lastOccurredAt' as const, 'snoozedUntil' as const),
      op,
      moment,
    }),
    fc.record({
      kind: fc.constant('exact' as const),
      field: fc.constantFrom(
        ...([
          'alias',
          'tag',
          'owner',
          'responders',
          'teams',
          'integration.name',
          'details.key',
          'details.value',
          'environment',
          'customer',
          'cluster',
          'severity',
        ] as const),
      ),
      wanted,
    }),
    fc.record({
      kind: fc.constant('words' as const),
      field: fc.constantFrom(...(['message', 'description', 'entity', 'source', 'name', 'text'] as const)),
      wanted,
    }),
    fc.record({
      kind: fc.constant('label' as const),
      name: fc.constantFrom(...vocabulary.names),
      wanted,
    }),
  )
  return treeOf(term)
}
