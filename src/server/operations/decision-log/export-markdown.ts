/** The Decision Log of one environment as Markdown, oldest first: for people who keep it in git, and for reading on paper. */
import { describeInstant } from '../../../domain/time/describe-instant.ts'
import type { DecisionDetailReply } from '../../../contract/operations/decision-log.ts'
import type { Ctx } from '../../platform/context.ts'
import { notFound } from '../../platform/faults.ts'
import { read } from '../../platform/record.ts'
import { detailsOf } from './read-decisions.ts'
import { findDecisions, findEnvironment } from './store.ts'

const MOST = 5_000
const AT_ONCE = 200
const at = (instant: number): string => describeInstant(instant, 'UTC')
/** Every line break that Markdown knows: a lone carriage return would end the quotation as well. */
const LINE_BREAK = /\r\n|\r|\n/

/** Text that was written as Markdown stays so, inside its quotation; it holds no tags and loads no pictures. */
const quoted = (text: string): string =>
  text
    .split(LINE_BREAK)
    .map((line) => `> ${line.replaceAll(/<(?=[A-Za-z/!?])/g, '&lt;').replaceAll('![', '!\\[')}`)
    .join('\n')

/** In a line of ours: on one line, and no character of it means anything to Markdown. */
const plain = (text: string): string =>
  text
    .trim()
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\\`*_[\]<>#|&!~]/g, '\\$&')

const section = (title: string, text: string | undefined): string[] =>
  text?.trim() ? [`**${title}**`, '', quoted(text), ''] : []

const entryOf = (decision: DecisionDetailReply): string => {
  const { terms, glass, ending } = decision
  const options = (terms?.options ?? []).map(
    (option) =>
      `- ${option.chosen ? '**chosen** ' : ''}${plain(option.title)}${option.note ? `: ${plain(option.note)}` : ''}`,
  )
  const decided = decision.decidedAt
    ? `Decided ${at(decision.decidedAt)} by ${plain(decision.decidedBy?.name ?? '')}, ${decision.cooperation?.kind === 'with-customer' ? `with ${decision.cooperation.contacts.map(({ name }) => plain(name)).join(', ')}` : 'internally'}.`
    : 'Not decided.'
  return [
    `## ${decision.number} ${plain(decision.what.split(LINE_BREAK, 1)[0] ?? '')}`,
    '',
    `Status: ${decision.status}${decision.breakGlass ? ' (break-glass)' : ''}. Opened ${at(decision.openedAt)} by ${plain(decision.openedBy.name)}. ${decided}`,
    '',
    ...section('What', terms?.what),
    ...section('Why', terms?.why ?? glass?.why),
    ...(options.length > 0 ? ['**Options**', '', ...options, ''] : []),
    ...section('Risk', terms?.risk),
    ...section('Rollback', terms?.rollback),
    ...(terms?.validUntil ? [`Valid until ${at(terms.validUntil)}.`, ''] : []),
    ...decision.entries
      .slice(1)
      .map((entry) => `- Amended ${at(entry.at)} by ${plain(entry.by.name)}: ${plain(entry.reason)}`),
    ...(ending
      ? [
          `- ${ending.kind === 'withdrawn' ? `Withdrawn ${at(ending.at)}: ${plain(ending.reason ?? '')}` : `Superseded ${at(ending.at)}`}`,
        ]
      : []),
    ...(glass?.writtenUp
      ? [
          `- Written up ${at(glass.writtenUp.at)} by ${plain(glass.writtenUp.by.name)}: ${plain(glass.writtenUp.result)}`,
        ]
      : []),
    ...(glass?.review
      ? [
          `- Reviewed ${at(glass.review.at)} by ${plain(glass.review.by.name)}: ${glass.review.verdict}. ${plain(glass.review.note)}`,
        ]
      : []),
  ].join('\n')
}

/** A few queries for hundreds of decisions: asked for each alone, somebody who reads keeps the database from who is paged. */
export const decisionLogAsMarkdown = (ctx: Ctx, environment: string): Promise<string> =>
  read(ctx, async (db) => {
    const found = await findEnvironment(db, environment)
    if (!found) throw notFound(`The environment ${environment}`)
    const rows = await findDecisions(db, {
      environment,
      limit: MOST,
      decidedOnly: ctx.actor.kind === 'contact',
    })
    rows.reverse()
    const entries: string[] = []
    for (let from = 0; from < rows.length; from += AT_ONCE)
      entries.push(...(await detailsOf(ctx, db, rows.slice(from, from + AT_ONCE))).map(entryOf))
    return [`# Decision Log: ${plain(found.name)} (${environment})`, '', ...entries, ''].join('\n')
  })
