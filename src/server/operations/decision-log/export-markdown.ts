/** The Decision Log of one environment as Markdown, oldest first: for people who keep it in git, and for reading on paper. */
import { describeInstant } from '../../../domain/time/describe-instant.ts'
import type { DecisionDetailReply } from '../../../contract/operations/decision-log.ts'
import type { Ctx } from '../../platform/context.ts'
import { notFound } from '../../platform/faults.ts'
import { read } from '../../platform/record.ts'
import { getDecision } from './read-decisions.ts'
import { findDecisions, findEnvironment } from './store.ts'

const MOST = 5_000
const at = (instant: number): string => describeInstant(instant, 'UTC')
/** Headings of the text itself must not break the document's own. */
const quoted = (text: string): string =>
  text
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n')

const section = (title: string, text: string | undefined): string[] =>
  text?.trim() ? [`**${title}**`, '', quoted(text), ''] : []

const entryOf = (decision: DecisionDetailReply): string => {
  const { terms, glass, ending } = decision
  const options = (terms?.options ?? []).map(
    (option) =>
      `- ${option.chosen ? '**chosen** ' : ''}${option.title}${option.note ? `: ${option.note}` : ''}`,
  )
  const decided = decision.decidedAt
    ? `Decided ${at(decision.decidedAt)} by ${decision.decidedBy?.name ?? ''}, ${decision.cooperation?.kind === 'with-customer' ? `with ${decision.cooperation.contacts.map(({ name }) => name).join(', ')}` : 'internally'}.`
    : 'Not decided.'
  return [
    `## ${decision.number} ${decision.what.split('\n', 1)[0] ?? ''}`,
    '',
    `Status: ${decision.status}${decision.breakGlass ? ' (break-glass)' : ''}. Opened ${at(decision.openedAt)} by ${decision.openedBy.name}. ${decided}`,
    '',
    ...section('What', terms?.what),
    ...section('Why', terms?.why ?? glass?.why),
    ...(options.length > 0 ? ['**Options**', '', ...options, ''] : []),
    ...section('Risk', terms?.risk),
    ...section('Rollback', terms?.rollback),
    ...(terms?.validUntil ? [`Valid until ${at(terms.validUntil)}.`, ''] : []),
    ...decision.entries
      .slice(1)
      .map((entry) => `- Amended ${at(entry.at)} by ${entry.by.name}: ${entry.reason}`),
    ...(ending
      ? [
          `- ${ending.kind === 'withdrawn' ? `Withdrawn ${at(ending.at)}: ${ending.reason ?? ''}` : `Superseded ${at(ending.at)}`}`,
        ]
      : []),
    ...(glass?.writtenUp
      ? [`- Written up ${at(glass.writtenUp.at)} by ${glass.writtenUp.by.name}: ${glass.writtenUp.result}`]
      : []),
    ...(glass?.review
      ? [
          `- Reviewed ${at(glass.review.at)} by ${glass.review.by.name}: ${glass.review.verdict}. ${glass.review.note}`,
        ]
      : []),
  ].join('\n')
}

export const decisionLogAsMarkdown = async (ctx: Ctx, environment: string): Promise<string> => {
  const { name, ids } = await read(ctx, async (db) => {
    const found = await findEnvironment(db, environment)
    if (!found) throw notFound(`The environment ${environment}`)
    const rows = await findDecisions(db, {
      environment,
      limit: MOST,
      decidedOnly: ctx.actor.kind === 'contact',
    })
    return { name: found.name, ids: rows.map((row) => row.id).reverse() }
  })
  const entries: string[] = []
  for (const decisionId of ids) entries.push(entryOf(await getDecision(ctx, { decisionId })))
  return [`# Decision Log: ${name} (${environment})`, '', ...entries, ''].join('\n')
}
