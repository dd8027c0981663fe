/** An error as a person meets it in a browser: what happened, what to do, and the id to quote. */
import type { Problem } from '../../../contract/errors.ts'
import { catalogue } from '../messages/catalogue.ts'
import type { Reader } from '../messages/languages.ts'
import { html } from './html.ts'
import { plainPage } from './plain-page.ts'

const say = catalogue('errors', { open: 'Open Fortnight', request: 'Request {id}' })

/** @param problem in the language of the reader already */
export const errorPage = (problem: Problem, reader: Reader): string =>
  plainPage({
    reader,
    title: problem.title,
    body: html`<h1>${problem.title}</h1>
      <p dir="auto">${problem.detail}</p>
      <p><a class="button" href="/">${say(reader, 'open')}</a></p>
      <p class="dim">${say(reader, 'request', { id: problem.requestId })}</p>`,
  })
