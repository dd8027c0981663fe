/** A register that a spreadsheet opens stays text. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { csvOf, type RegisterEntry } from './register.ts'

const entry: RegisterEntry = {
  log: 'log',
  place: 'acme-prod',
  number: 3,
  id: 'id',
  at: '2026-11-10T08:00:00.000Z',
  type: 'log-entry.recorded',
  stream: 'stream',
  actor: 'a_x',
  actorName: '=HYPERLINK("http://x.example")',
  via: 'api',
  headline: '+1 said "hello",\nthen left',
  body: { what: '@sum' },
  erased: ['why'],
  refs: [['decision', 'd']],
  files: [{ kind: 'attachment', h: 'h' }],
}

test('what a spreadsheet would run is quoted, and so are commas, quotes and line breaks', () => {
  const [, row] = csvOf([entry]).split('\r\n')
  assert.equal(
    row,
    [
      'acme-prod',
      'log',
      '3',
      '2026-11-10T08:00:00.000Z',
      'log-entry.recorded',
      `"'=HYPERLINK(""http://x.example"")"`,
      'a_x',
      'api',
      `"'+1 said ""hello"",\nthen left"`,
      `"{""what"":""@sum""}"`,
      'why',
      'decision:d',
      'attachment:h',
      'id',
    ].join(','),
  )
})
