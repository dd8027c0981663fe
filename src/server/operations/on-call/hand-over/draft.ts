/** The first words of a hand-over note: what is open and what happened, as lists that somebody corrects and completes. */
import type { Ctx } from '../../../platform/context.ts'
import type { Reader } from '../../../platform/messages/languages.ts'
import { momentFor } from '../../../platform/messages/moments.ts'
import { say } from '../messages.ts'

export type OpenThing = { readonly environment: string; readonly what: string; readonly at: number }
/** What areas that stand on rotas know of the moment; each list is cut, and says how much more there is. */
export type HandOverFacts = {
  readonly alerts: readonly OpenThing[]
  readonly incidents: readonly OpenThing[]
  readonly decisions: readonly OpenThing[]
  readonly windows: readonly OpenThing[]
  readonly pages: readonly (OpenThing & { readonly takenBy: string | null })[]
}
export type HandOverNeighbours = {
  /** @param shift since when pages count */
  readonly handOverFacts: (ctx: Ctx, shift: { readonly from: number }) => Promise<HandOverFacts>
}

const MOST_LINES = 15

const section = (reader: Reader, title: string, lines: readonly string[]): string => {
  const rest = lines.length - MOST_LINES
  return [
    `**${title}**`,
    '',
    ...(lines.length === 0 ? [say(reader, 'draft-nothing')] : []),
    ...lines.slice(0, MOST_LINES).map((line) => `* ${line}`),
    ...(rest > 0 ? [`* ${say(reader, 'draft-more', { rest })}`] : []),
  ].join('\n')
}

export const draftOf = (reader: Reader, facts: HandOverFacts): string => {
  const since = ({ environment, what, at }: OpenThing): string =>
    say(reader, 'draft-since', { environment, what, when: momentFor(reader, at) })
  const due = ({ environment, what, at }: OpenThing): string =>
    say(reader, 'draft-due', { environment, what, when: momentFor(reader, at) })
  const pages = facts.pages.map((page) =>
    page.takenBy === null
      ? say(reader, 'draft-page-free', { ...page, when: momentFor(reader, page.at) })
      : say(reader, 'draft-page', { ...page, by: page.takenBy, when: momentFor(reader, page.at) }),
  )
  return [
    section(reader, say(reader, 'draft-alerts'), facts.alerts.map(since)),
    section(reader, say(reader, 'draft-incidents'), facts.incidents.map(since)),
    section(reader, say(reader, 'draft-decisions'), facts.decisions.map(due)),
    section(reader, say(reader, 'draft-windows'), facts.windows.map(due)),
    section(reader, say(reader, 'draft-pages'), pages),
  ].join('\n\n')
}
