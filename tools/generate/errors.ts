/** The text of docs/errors.md: every code a client may meet, from the catalogue and from the rules that refuse. */
import { dirname } from 'node:path'
import { errorCatalogue } from '../../src/contract/errors.ts'
import { allRefusals, type RefusalCode } from './refusal-codes.ts'

const cell = (text: string): string => text.replaceAll('|', '\\|')

const sayingOf = (said: readonly RefusalCode[]): string => {
  const sentences = [...new Set(said.map(({ sentence }) => sentence).filter((one) => one !== undefined))]
  return sentences.length === 0 ? 'See the reply.' : sentences.map(cell).join('<br>')
}

const areaOf = (path: string): string => dirname(path).replace(/^src\/(domain|server|contract)\/?/, '')

const refusalRows = (): string[] =>
  [...Map.groupBy(allRefusals(), ({ code }) => code)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, said]) => {
      const areas = [...new Set(said.map(({ path }) => areaOf(path)))].join(', ')
      return `| \`${code}\` | ${areas} | ${sayingOf(said)} |`
    })

export const errorsPage = (): string =>
  [
    '# Errors',
    '',
    'Written by `tools/generate/pages.ts`. Every error reply is `application/problem+json` (RFC 9457) with `code`, `title`,',
    '`status`, a `detail` that says what to do, and the `requestId` to quote; `errors` names the fields of invalid input.',
    'Codes are stable. A status of 429 or 503 comes with `Retry-After`, in seconds.',
    '',
    '## Of every address',
    '',
    '| code | status | title |',
    '| --- | --- | --- |',
    ...Object.entries(errorCatalogue).map(
      ([code, { status, title }]) => `| \`${code}\` | ${status} | ${cell(title)} |`,
    ),
    '',
    '## Of the rules',
    '',
    'The request was understood and a rule says no: status 409, except where the area answers otherwise. Some are met only',
    'on the command line, where a file or a pack is checked. `…` stands for what is filled in.',
    '',
    '| code | area | sentence |',
    '| --- | --- | --- |',
    ...refusalRows(),
    '',
  ].join('\n')
