/** Policies read as the specification says, quorums counted as people expect. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isRefusal } from '../../refusal.ts'
import { COSIGNATURE, formatVkey, SIGNATURE } from '../ledger/index.ts'
import { keyPairOf, sha256 } from '../ledger/crypto-for-tests.test.ts'
import { isQuorum, parsePolicy } from './policy.ts'
import type { Policy } from './policy.ts'

const log = formatVkey(keyPairOf('log.example', SIGNATURE).verifier)
const witnesses = ['x1', 'x2', 'x3', 'y1'].map((name) => keyPairOf(name, COSIGNATURE).verifier)
const [x1, x2, x3, y1] = witnesses.map((key) => formatVkey(key)) as [string, string, string, string]

const read = (text: string): Policy => {
  const policy = parsePolicy(text, sha256)
  assert.ok(!isRefusal(policy), isRefusal(policy) ? policy.detail : '')
  return policy
}

test("nested groups count as the specification's example says", () => {
  const policy = read(
    [
      `log ${log} https://log.example/`,
      `witness X1 ${x1}`,
      `\twitness  X2\t${x2} https://x2.example`,
      `witness X3 ${x3}`,
      'group X 2 X1 X2 X3',
      `witness Y1 ${y1}`,
      'group Y any Y1',
      '# both houses',
      'group both all X Y',
      'quorum both',
    ].join('\n'),
  )
  const quorum = (...indexes: readonly number[]): boolean =>
    isQuorum(
      policy.quorum,
      indexes.map((i) => witnesses[i]!),
    )
  assert.ok(quorum(0, 1, 3))
  assert.ok(quorum(0, 1, 2, 3))
  assert.ok(!quorum(0, 1, 2))
  assert.ok(!quorum(0, 3))
  assert.ok(!quorum())
})

test('a bare key signs logs and packs, and no quorum line asks for none', () => {
  const policy = read(`${log}\n`)
  assert.equal(policy.logs.length, 1)
  assert.equal(policy.packs.length, 1)
  assert.ok(isQuorum(policy.quorum, []))
  assert.deepEqual(read('').logs, [])
})

test('a policy that could be understood in two ways is refused, with its line', () => {
  const bad: readonly string[] = [
    'nonsense',
    'log',
    `log ${log} url more`,
    `log ${x1}`,
    `pack ${x1}`,
    x1,
    `witness none ${x1}`,
    `witness W ${log}`,
    `witness W ${x1}\nwitness W ${x2}`,
    `witness W ${x1}\nwitness V ${x1}`,
    `witness W ${x1}\ngroup G 2 W`,
    `witness W ${x1}\ngroup G 0 W`,
    `witness W ${x1}\ngroup G 1 W W`,
    `witness W ${x1}\ngroup G any W\ngroup H any W`,
    'group G any',
    'group G any W',
    `group G any none`,
    'quorum W',
    'quorum none\nquorum none',
    'quorum none none',
    'log \u0000',
    `log ${log}\r`,
  ]
  for (const text of bad) {
    const answer = parsePolicy(text, sha256)
    assert.ok(isRefusal(answer), JSON.stringify(text))
  }
  const second = parsePolicy(`log ${log}\nnonsense`, sha256)
  assert.ok(isRefusal(second) && second.detail.startsWith('line 2'))
})
