/** Nothing that a person wrote becomes markup on a page of ours. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { html, trusted } from './html.ts'
import { plainPage } from './plain-page.ts'

const numRuns = Number(process.env['FORTNIGHT_RUNS'] ?? 200)

test('whatever the text is, it neither opens a tag nor leaves its attribute', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('<', '>', '"', "'", '&', 'a', ' ', '/', '=') }), (text) => {
      const made = html`<p title="${text}">${text}${[text, text]}</p>`.html
      const inner = made.replace(/^<p title="[^"<>]*">/, '').replace(/<\/p>$/, '')
      assert.doesNotMatch(inner, /[<>"']/)
    }),
    { numRuns },
  )
})

test('what is absent is nothing, what is html stays html, and only what we call trusted is trusted', () => {
  assert.equal(
    html`${undefined}${null}${false}${0}${html`<b>${'<'}</b>`}${trusted('<i>')}`.html,
    '0<b>&lt;</b><i>',
  )
})

test('a page carries no script, fits into 20 kB, and its title is escaped', () => {
  const page = plainPage({
    reader: { locale: 'en', zone: 'UTC' },
    title: '</title><script>',
    body: html`<p>${'words '.repeat(1_000)}</p>`,
  })
  assert.doesNotMatch(page, /<script/)
  assert.ok(Buffer.byteLength(page) < 20_000, `${Buffer.byteLength(page)} bytes`)
  assert.match(page, /^<!doctype html>/)
})
