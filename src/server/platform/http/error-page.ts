/** An error as a person meets it in a browser: what happened, what to do, and the id to quote. */
import type { Problem } from '../../../contract/errors.ts'
import { html } from './html.ts'
import { plainPage } from './plain-page.ts'

export const errorPage = (problem: Problem): string =>
  plainPage({
    title: problem.title,
    body: html`<h1>${problem.title}</h1>
      <p>${problem.detail}</p>
      <p><a class="button" href="/">Open Fortnight</a></p>
      <p class="dim">Request ${problem.requestId}</p>`,
  })
