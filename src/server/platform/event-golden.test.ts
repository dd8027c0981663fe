/** Every event type has a golden file, and today's code still writes its bytes. */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { decodeLeaf, digestOfDisclosure } from '../../domain/evidence/ledger/index.ts'
import { isRefusal } from '../../domain/refusal.ts'
import '../all-tasks.ts'
import '../areas.ts'
import '../chains/index.ts'
import { eventTypes, type EventType } from './events.ts'
import { sha256 } from './evidence-outbox.ts'
import { heardWith } from './live/stream.ts'
import { goldenFileName, goldenOf, goldenText, type EventGolden } from './event-golden.ts'

const folder = join(import.meta.dirname, '../testing/golden')
const command = 'node bin/run.mjs tools/generate/event-golden.ts'
const types = [...eventTypes().values()]

const kept = (type: Pick<EventType, 'type' | 'v'>): string | undefined => {
  const file = join(folder, goldenFileName(type))
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

/** undefined when the file says what the code does; otherwise what to do. */
const complaintAbout = (type: EventType, text: string | undefined): string | undefined => {
  if (text === undefined) return `${type.type} version ${type.v} has no golden file. Make it with: ${command}`
  const then = JSON.parse(text) as EventGolden
  try {
    if (isDeepStrictEqual(JSON.parse(goldenText(goldenOf(type, then.body))), then)) return undefined
  } catch {
    // The sample is no longer a body of this type at all.
  }
  return `${type.type} version ${type.v} no longer writes the bytes it wrote. Give it the next version (v: ${type.v + 1}), then: ${command} (before its first release: ${command} --again ${type.type})`
}

test('whoever may read an area hears of it: none is forgotten, and none is there that nobody speaks of', () => {
  const areas = new Set(types.map(({ area }) => area))
  assert.deepEqual([...areas].sort(), Object.keys(heardWith).sort())
})

test('every event type writes the bytes of its golden file', () => {
  assert.deepEqual(
    types.map((type) => complaintAbout(type, kept(type))).filter((complaint) => complaint !== undefined),
    [],
  )
})

test('every golden leaf is a ledger leaf whose digests are those of its disclosures', () => {
  for (const name of readdirSync(folder)) {
    const golden = JSON.parse(readFileSync(join(folder, name), 'utf8')) as EventGolden
    assert.equal(name, goldenFileName(golden))
    if (golden.leaf === null) continue
    const leaf = decodeLeaf(Buffer.from(golden.leaf, 'hex'))
    assert.ok(!isRefusal(leaf), name)
    assert.deepEqual(
      golden.disclosures.map((text) => digestOfDisclosure(text, sha256)).sort(),
      [...leaf.sd],
      name,
    )
  }
})

const planted: EventType = {
  type: 'planted.made',
  v: 1,
  class: 'act',
  stream: 'planted',
  area: 'planted',
  body: z.object({ text: z.string() }) as never,
  contactsHear: false,
}

test('a type without a golden file is told the command that makes it', () => {
  assert.match(complaintAbout(planted, undefined) ?? '', /no golden file. Make it with: node bin\/run.mjs/)
})

test('a body that gains, loses or renames a field without a new version is refused', () => {
  const text = goldenText(goldenOf(planted, { text: 'the sample' }))
  assert.equal(complaintAbout(planted, text), undefined)
  for (const body of [
    z.object({ text: z.string(), more: z.string().optional() }),
    z.object({ words: z.string() }),
    z.object({ text: z.number() }),
    z.object({}),
  ])
    assert.match(complaintAbout({ ...planted, body: body as never }, text) ?? '', /Give it the next version/)
})
