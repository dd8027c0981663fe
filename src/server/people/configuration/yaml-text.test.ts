/** A megabyte of hostile YAML costs a moment, not the night: the process that reads it also pages people. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from '../../platform/faults.ts'
import { readYaml } from './yaml-text.ts'

/** Processor time, because a busy machine changes that least. */
const processorMs = (work: () => unknown): number => {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}
/** Twice as much may cost twice as much and some more; four times would be quadratic. */
const MOST_GROWTH = 3.5
const LEAST_MS = 50

const detailOf = (text: string): string => {
  try {
    readYaml(text)
    return ''
  } catch (error) {
    assert.ok(error instanceof Fault)
    return error.message
  }
}

test('fifty thousand keys cost in proportion, and one that stands there twice is named with its line', () => {
  const keys = Array.from({ length: 50_000 }, (_, index) => `key${index}: 1`)
  const read = (count: number): void => {
    const { value } = readYaml(keys.slice(0, count).join('\n'))
    assert.equal(Object.keys(value as object).length, count)
  }
  read(1_000)
  const half = processorMs(() => read(25_000))
  const whole = processorMs(() => read(50_000))
  assert.ok(whole < MOST_GROWTH * Math.max(half, LEAST_MS), `${half} ms, twice as many ${whole} ms`)
  assert.match(detailOf([...keys, 'key7: 2'].join('\n')), /line 50001, key7: stands here a second time/)
})

test('towers of brackets and nets of references are refused, whatever their height', () => {
  const refuse = (part: string, times: number, sentence: RegExp): void => {
    const half = processorMs(() => assert.match(detailOf(part.repeat(times / 2)), sentence))
    const whole = processorMs(() => assert.match(detailOf(part.repeat(times)), sentence))
    assert.ok(
      whole < MOST_GROWTH * Math.max(half, LEAST_MS),
      `${part}: ${half} ms, twice as high ${whole} ms`,
    )
  }
  refuse('[', 900_000, /brackets/)
  refuse('{a: ', 200_000, /brackets/)
  refuse('- ', 100_000, /nested too deeply/)
  const net = 'abcdefgh'.split('').map((name, index, all) => {
    const parts = Array.from({ length: 9 }, () => (index === 0 ? 'x' : `*${all[index - 1]}`))
    return `${name}: &${name} [${parts.join(',')}]`
  })
  assert.match(detailOf(net.join('\n')), /refers to itself too often/)
})

test('keys named like parts of every object are keys', () => {
  const { value } = readYaml('__proto__: {polluted: 1}\nconstructor: x\n')
  assert.deepEqual(Object.keys(value as object), ['__proto__', 'constructor'])
  assert.equal(({} as { polluted?: number }).polluted, undefined)
})
