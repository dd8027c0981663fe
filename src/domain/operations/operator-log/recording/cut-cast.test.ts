import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { encodeEvent, encodeHeader } from './asciicast.ts'
import type { CastEvent } from './asciicast.ts'
import { cutCast, isShown, NOTE } from './cut-cast.ts'
import { readAsciicast } from './read-asciicast.ts'

const RUNS = Number(process.env['FORTNIGHT_RUNS'] ?? 60)
const HEADER = encodeHeader({ cols: 80, rows: 24 })

const encode = (events: readonly CastEvent[], startMs = 0): string => {
  let previous = startMs
  return events
    .map((event) => {
      const line = encodeEvent(event, previous)
      previous = event.atMs
      return `${line}\n`
    })
    .join('')
}

const eventsOf = (text: string): readonly CastEvent[] => {
  const cast = readAsciicast(`${HEADER}\n${text}`)
  assert.ok('events' in cast)
  return cast.events.map((event) => ({ ...event, atMs: Math.round(event.atMs) }))
}

const gaps = fc.array(
  fc.record({
    gapMs: fc.nat(3_000),
    code: fc.constantFrom('o', 'm', 'r', 'x', 'i'),
    data: fc.string({ minLength: 1, unit: 'grapheme' }),
  }),
  { maxLength: 40 },
)
const eventsFrom = (steps: readonly { gapMs: number; code: string; data: string }[]): CastEvent[] => {
  let atMs = 0
  return steps.map(({ gapMs, code, data }) => ({ atMs: (atMs += gapMs), code, data }))
}

test('nothing shown within the span is left, everything else stays at its time, whatever the chunks', () => {
  fc.assert(
    fc.property(gaps, fc.nat(20_000), fc.nat(20_000), fc.nat(40), (steps, a, b, middle) => {
      const events = eventsFrom(steps)
      const span = { fromMs: Math.min(a, b), toMs: Math.max(a, b) }
      const chunks = [events.slice(0, middle), events.slice(middle)]
      let atMs = 0
      const cut = chunks.map((chunk) => {
        const done = cutCast(encode(chunk, atMs), atMs, [span])
        atMs = done.endMs
        return done.text
      })
      const within = (event: CastEvent): boolean => event.atMs >= span.fromMs && event.atMs <= span.toMs
      const kept = eventsOf(cut.join('')).filter(
        (event) => event.data !== '' && !(event.code === 'm' && event.data.startsWith(NOTE)),
      )
      assert.deepEqual(
        kept,
        events.filter((event) => !(within(event) && isShown(event))),
      )
    }),
    { numRuns: RUNS },
  )
})

test('what was cut once is not cut again, and a cut that meets nothing changes nothing', () => {
  const text = `${HEADER}\n${encode([
    { atMs: 100, code: 'o', data: 'before' },
    { atMs: 900, code: 'o', data: 'a secret' },
    { atMs: 950, code: 'm', data: 'echo secret' },
    { atMs: 990, code: 'r', data: '90x30' },
  ])}`
  const once = cutCast(text, 0, [{ fromMs: 500, toMs: 1_000 }])
  assert.equal(once.cut, 2)
  assert.doesNotMatch(once.text, /secret/)
  assert.match(once.text, /90x30/)
  assert.deepEqual(cutCast(once.text, 0, [{ fromMs: 500, toMs: 1_000 }]), { ...once, cut: 0 })
  assert.deepEqual(cutCast(text, 0, [{ fromMs: 2_000, toMs: 3_000 }]), { text, cut: 0, endMs: 990 })
})

test('a line that nobody can read goes with the span it stands in', () => {
  const text = '[1.000, "o", "a"]\n[0.1,"o","torn secr\n# secret\n[0.500, "o", "b"]\n'
  const { text: left, cut } = cutCast(text, 0, [{ fromMs: 900, toMs: 1_100 }])
  assert.equal(cut, 3)
  assert.doesNotMatch(left, /secr/)
  assert.deepEqual(eventsOf(left).at(-1), { atMs: 1_500, code: 'o', data: 'b' })
})
