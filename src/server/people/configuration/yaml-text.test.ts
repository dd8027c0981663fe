/** A megabyte of hostile YAML costs a moment, not the night: the process that reads it also pages people. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from '../../platform/faults.ts'
import { readYaml } from './yaml-text.ts'

const MOST_MS = 5_000

const detailOf = (text: string): string => {
  try {
    readYaml(text)
    return ''
  } catch (error) {
    assert.ok(error instanceof Fault)
    return error.message
  }
}

test('a hundred thousand keys are read in a moment, and one that stands there twice is named with its line', () => {
  const began = performance.now()
  const keys = Array.from({ length: 50_000 }, (_, index) => `key${index}: 1`)
  assert.equal(Object.keys(readYaml(keys.join('\n')).value as object).length, 50_000)
  assert.match(detailOf([...keys, 'key7: 2'].join('\n')), /line 50001, key7: stands here a second time/)
  assert.ok(performance.now() - began < MOST_MS)
})

test('towers of brackets and nets of references are refused at once', () => {
  const began = performance.now()
  assert.match(detailOf('['.repeat(900_000)), /brackets/)
  assert.match(detailOf('{a: '.repeat(200_000)), /brackets/)
  assert.match(detailOf('- '.repeat(100_000)), /nested too deeply/)
  const net = 'abcdefgh'.split('').map((name, index, all) => {
    const parts = Array.from({ length: 9 }, () => (index === 0 ? 'x' : `*${all[index - 1]}`))
    return `${name}: &${name} [${parts.join(',')}]`
  })
  assert.match(detailOf(net.join('\n')), /refers to itself too often/)
  assert.ok(performance.now() - began < MOST_MS)
})

test('keys named like parts of every object are keys', () => {
  const { value } = readYaml('__proto__: {polluted: 1}\nconstructor: x\n')
  assert.deepEqual(Object.keys(value as object), ['__proto__', 'constructor'])
  assert.equal(({} as { polluted?: number }).polluted, undefined)
})
