/** Calls that come at once are done together, and one that cannot be done holds up nobody. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gather } from './gather.ts'

type Ctx = { readonly platform: object }
const ctx: Ctx = { platform: {} }
const numbers = (count: number) => Array.from({ length: count }, (_, n) => n)

test('what comes while a batch is under way goes together with the next, and each gets its own answer', async () => {
  const batches: number[][] = []
  const gate = Promise.withResolvers<void>()
  const double = gather({
    most: 5,
    keyOf: String,
    work: async (_: Ctx, inputs: readonly number[]) => {
      batches.push([...inputs])
      if (batches.length === 1) await gate.promise
      return inputs.map((n) => 2 * n)
    },
  })
  const first = double(ctx, 100)
  await new Promise((next) => setImmediate(() => setImmediate(next)))
  const others = numbers(7).map((n) => double(ctx, n))
  gate.resolve()
  assert.equal(await first, 200)
  assert.deepEqual(await Promise.all(others), [0, 2, 4, 6, 8, 10, 12])
  assert.deepEqual(batches, [[100], [0, 1, 2, 3, 4], [5, 6]])
})

test('of calls with one key never two are in the same batch', async () => {
  const batches: number[][] = []
  const ask = gather({
    most: 10,
    keyOf: (n: number) => String(n % 3),
    work: async (_: Ctx, inputs: readonly number[]) => {
      batches.push([...inputs])
      return inputs
    },
  })
  await Promise.all(numbers(7).map((n) => ask(ctx, n)))
  assert.deepEqual(batches, [[0, 1, 2], [3, 4, 5], [6]])
})

test('a batch that fails is done one by one, and what hangs then holds up nobody behind it', async () => {
  const hanging = Promise.withResolvers<number[]>()
  const ask = gather({
    most: 10,
    keyOf: String,
    work: (_: Ctx, inputs: readonly number[], isAlone) => {
      if (inputs.includes(3))
        return isAlone ? hanging.promise : Promise.reject(new Error('three waits for a lock'))
      if (inputs.includes(4) && isAlone) return Promise.reject(new Error('four is broken'))
      return Promise.resolve(inputs.map((n) => n * 10))
    },
  })
  const [one, three, four] = [ask(ctx, 1), ask(ctx, 3), ask(ctx, 4)]
  await assert.rejects(four, /four is broken/)
  assert.equal(await one, 10)
  assert.equal(await ask(ctx, 5), 50, 'the queue goes on while three hangs')
  hanging.resolve([30])
  assert.equal(await three, 30)
})
