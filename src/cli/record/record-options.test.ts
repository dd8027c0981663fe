import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readRecordOptions } from './record-options.ts'

const wrong = (...argv: string[]): string => {
  const options = readRecordOptions(argv)
  assert.equal(options.verb, 'wrong', JSON.stringify(options))
  return options.verb === 'wrong' ? options.detail : ''
}

test('the three ways to begin', () => {
  assert.deepEqual(readRecordOptions(['--environment', 'acme-prod', '--decision', 'D-12']), {
    verb: 'record',
    kind: 'decided',
    environment: 'acme-prod',
    decision: 'D-12',
    asks: true,
  })
  assert.deepEqual(readRecordOptions(['-e', 'acme-prod', '--look', '--alert', 'A-7', '--no-questions']), {
    verb: 'record',
    kind: 'look',
    environment: 'acme-prod',
    alertId: 'A-7',
    asks: false,
  })
  const glass = readRecordOptions(['-e', 'acme-prod', '--break-glass', 'the API is down'])
  assert.equal(glass.verb === 'record' && glass.why, 'the API is down')
})

test('what is missing or too much is named in a sentence', () => {
  assert.match(wrong('--look'), /Which environment/)
  assert.match(wrong('-e', 'a'), /needs a decision: --decision D-12/)
  assert.match(wrong('-e', 'a', '--look', '--decision', 'D-1'), /exclude each other/)
  assert.match(wrong('-e', 'a', '--look', '--alert', '1', '--incident', '2'), /exclude each other/)
  assert.match(wrong('-e', 'a', '--break-glass', ' '), /needs a reason/)
  assert.match(wrong('-e', '../x', '--look'), /no environment's name/)
  assert.match(wrong('-e', 'a', '--look', 'kubectl'), /without a command/)
  assert.match(wrong('--loook'), /--loook/)
  assert.match(wrong('--redact-last', 'soon'), /20s or 2m/)
  assert.match(wrong('--upload', '--list'), /exclude each other/)
})

test('words with a running recorder', () => {
  assert.deepEqual(readRecordOptions(['--redact-last', '2m', 'a', 'slip']), {
    verb: 'redact-last',
    seconds: 120,
    why: 'a slip',
  })
  assert.deepEqual(readRecordOptions(['--pause', 'private']), { verb: 'pause', why: 'private' })
  assert.deepEqual(readRecordOptions(['--list']), { verb: 'list' })
})
