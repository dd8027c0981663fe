/** An error as a person meets it in a browser: what happened, what to do, and the id to quote. */
import type { Problem } from '../../../contract/errors.ts'
import { html } from './html.ts'
import { catalogue } from '../messages/catalogue.ts'
import type { Reader } from '../messages/languages.ts'
import { plainPage } from './plain-page.ts'

const say = catalogue('errors', { open: 'Open Fortnight', request: 'Request {id}' })

/** What went wrong is said as programs are told it, in English; `code` is what a translation would go by. */
export const errorPage = (problem: Problem, reader: Reader): string =>
  plainPage({
    reader,
    title: problem.title,
    body: html`<h1>${problem.title}</h1>
      <p>${problem.detail}</p>
      <p><a class="button" href="/">${say(reader, 'open')}</a></p>
      <p class="dim">${say(reader, 'request', { id: problem.requestId })}</p>`,
  })
