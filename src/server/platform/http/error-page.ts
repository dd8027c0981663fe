/** An error as a person meets it in a browser: what happened, what to do, and the id to quote. */
import { errorCatalogue, type ErrorCode, type Problem } from '../../../contract/errors.ts'
import { catalogue } from '../messages/catalogue.ts'
import type { Reader } from '../messages/languages.ts'
import { html } from './html.ts'
import { plainPage } from './plain-page.ts'

const titles = Object.fromEntries(
  Object.entries(errorCatalogue).map(([code, { title }]) => [code, title]),
) as Readonly<Record<ErrorCode, string>>
const say = catalogue('errors', { ...titles, open: 'Open Fortnight', request: 'Request {id}' })

const isKnown = (code: string): code is ErrorCode => Object.hasOwn(errorCatalogue, code)

/** The detail is said as programs are told it, in English; the title goes by the code. */
export const errorPage = (problem: Problem, reader: Reader): string => {
  const title = isKnown(problem.code) ? say(reader, problem.code) : problem.title
  return plainPage({
    reader,
    title,
    body: html`<h1>${title}</h1>
      <p dir="auto">${problem.detail}</p>
      <p><a class="button" href="/">${say(reader, 'open')}</a></p>
      <p class="dim">${say(reader, 'request', { id: problem.requestId })}</p>`,
  })
}
