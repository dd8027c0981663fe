// Guard: pages, mails and notifications take their words from a catalogue.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inlineWords } from './inline-words.ts'
import { projectSources, sentences } from './source-files.ts'

const path = 'src/server/operations/paging/page-view.ts'
const page = "import { html } from '../../platform/http/html.ts'\n"
const mail = "import { sendMail } from '../../platform/mail.ts'\n"
const calendar = "import { icalendar } from './icalendar.ts'\n"
const push = "import { sendPush } from './channels/web-push.ts'\n"
const laterMail = "const { sendMail } = await import('../../platform/mail.ts')\n"
const found = (text: string, at = path): number => inlineWords([{ path: at, text }]).length

test('words in the markup of a page or of a mail are caught, wherever they stand', () => {
  for (const text of [
    'html`<p>Nobody has it yet.</p>`',
    'html`<button>Acknowledge</button>`',
    'html`<p>Paged ${when}</p>`',
    'html`<p>${list.map((one) => html`<b>run book</b>`)}</p>`',
    'html`<img alt="The rota" />`',
    'html`<input placeholder="Your name" />`',
    'html`<p aria-label="Page of ${name}"></p>`',
  ])
    assert.equal(found(page + text), 1, text)
})

test('sentences of plain text, subjects and titles are caught', () => {
  for (const text of [
    "sendMail(platform, { subject: 'You are paged', text })",
    'sendMail(platform, { subject: `Page ${number}`, text })',
    "plainPage({ title: 'Set your password', body })",
    "const text = ['Take it, please:', url].join('\\n')",
    'const entry = { summary: `On call: ${name}`, from, to }',
    'export const payloadOf = () => ({ title, body: `${name} has it` })',
  ])
    for (const opening of [page, mail, laterMail, push, calendar])
      assert.equal(found(opening + text), 1, text)
})

test('errors, logs, what is recorded, markup without words, and catalogues are left alone', () => {
  const text = [
    "throw new Fault('link-expired', 'This link has expired.')",
    "ctx.log.warn({ err }, 'a dead subscription could not be forgotten')",
    "const outcome = { kind: 'refused', detail: `refused by the mail server: ${reason}` }",
    "const routes = { show: { summary: 'The page view: plain HTML.', permission: 'public' } }",
    "const say = catalogue('paging', { 'nobody-yet': 'Nobody has it yet.' })",
    'html`<p class="red" title="${title}"><strong>${name}</strong> · ${say(reader, \'ago\')}&nbsp;</p>`',
    'html`aria-invalid="true"`',
    "const style = trusted('<style>a b{color:red}</style>')",
  ].join('\n')
  assert.deepEqual(sentences(inlineWords([{ path, text: page + mail + text }])), [])
})

test('files that write to nobody, the catalogues, tests and packs are left alone', () => {
  const text = 'html`<p>Nobody has it yet.</p>`'
  assert.equal(found(text), 0, 'without markup of ours')
  for (const free of [
    'src/server/operations/paging/messages.ts',
    'src/server/operations/paging/page-view.test.ts',
    'src/server/evidence/audit-packs/readme.ts',
    'src/web/parts/words.ts',
  ])
    assert.equal(found(page + text, free), 0, free)
})

test('the server’s pages, mails and notifications have no words of their own', () => {
  const files = projectSources()
  assert.deepEqual(sentences(inlineWords(files)), [])
  const speaking = files.filter(({ path: at, text }) => at.startsWith('src/server/') && /\bsay\(/.test(text))
  assert.ok(speaking.length >= 8, 'and they do say something')
})
