/**
 * An alert in OpsGenie's words as we store it. Alertmanager drops a notification that is answered 4xx, so whatever can be
 * understood is taken and the bending is written down on the alert; only what says nothing at all is refused.
 */
import { refuse, type Refusal } from '../../refusal.ts'
import type { AlertFromSource } from './alert-from-alertmanager.ts'
import { alertGroupKey } from './alert-group.ts'
import { knownSeverity, type Priority } from './priority.ts'
import { isObject, note, readTexts, type Leniencies, type Texts } from './read-labels.ts'
import { firstLine, readableUrl, readText, saidTexts } from './sent-text.ts'

/** OpsGenie's documented limits, in characters. */
export const opsGenieLimits = {
  message: 130,
  alias: 512,
  description: 15_000,
  detail: 8_000,
  entity: 512,
  source: 100,
  user: 100,
  note: 25_000,
  tag: 50,
  tags: 20,
} as const

/** What a list of tags means, also written in one text; a tag with a comma in it could not be taken away again. */
export const readTags = (given: unknown, leniencies: Leniencies): string[] => {
  if (given === undefined || given === null) return []
  const listed = Array.isArray(given) ? given.slice(0, 1_000) : [given]
  const texts = listed.flatMap((each) => (typeof each === 'string' ? each.split(',') : []))
  if (listed.some((each) => typeof each !== 'string')) note(leniencies, 'a tag was not text and was left out')
  // Alertmanager splits "a, b" at the comma and leaves the space.
  const tags = texts
    .map((each) => readText(each, 'a tag', opsGenieLimits.tag, leniencies).trim())
    .filter(Boolean)
  const different = [...new Set(tags)]
  if (different.length > opsGenieLimits.tags)
    note(leniencies, `only ${opsGenieLimits.tags} of ${different.length} tags were kept`)
  return different.slice(0, opsGenieLimits.tags)
}

export const tagsText = (tags: readonly string[]): string => tags.join(', ')
export const tagsOf = (annotations: Texts): string[] =>
  (annotations['tags'] ?? '')
    .split(',')
    .map((tag) => tag.trim())
    .filter(Boolean)

export const readPriority = (given: unknown): Priority | undefined => {
  const [, digit] = (typeof given === 'string' && /^\s*p([1-5])\s*$/i.exec(given)) || []
  return digit === undefined ? undefined : (Number(digit) as Priority)
}

/**
 * As OpsGenie: P3 when nothing is said. But Alertmanager's receiver says no priority unless it is told to, and P3 wakes
 * nobody here: the severity among the details stands for it.
 */
const choosePriority = (given: unknown, severity: string | undefined, leniencies: Leniencies): Priority => {
  const priority = readPriority(given)
  if (priority !== undefined) return priority
  if (given !== undefined && given !== null && given !== '')
    note(leniencies, 'the priority was none of P1 to P5 and was left out')
  return knownSeverity(severity) ?? 3
}

const unused = ['responders', 'teams', 'visibleTo', 'actions'] as const

const noteUnused = (raw: Record<string, unknown>, leniencies: Leniencies): void => {
  for (const name of unused) {
    const given = raw[name]
    if (!Array.isArray(given) || given.length === 0) continue
    note(
      leniencies,
      name === 'actions'
        ? 'actions are not kept: nothing here runs them'
        : `${name} are not used: the escalation policy of the environment says who is paged`,
    )
  }
}

/** Either is enough to see what is meant. */
const saysSomething = (raw: Record<string, unknown>): boolean =>
  ['message', 'alias', 'description', 'details', 'entity', 'note'].some((name) => {
    const given = raw[name]
    return typeof given === 'string' ? given.trim() !== '' : given !== undefined && given !== null
  })

/**
 * @param raw         the body of POST /v2/alerts, parsed from JSON but otherwise untrusted
 * @param fingerprint stands for the key that sent it and its alias
 * @param now         epoch milliseconds of receipt: OpsGenie's dialect has no start of its own
 */
export const alertFromOpsGenie = (
  raw: unknown,
  { fingerprint, now }: { readonly fingerprint: string; readonly now: number },
): AlertFromSource | Refusal<'message-missing'> => {
  if (!isObject(raw) || !saysSomething(raw)) return refuse('message-missing', 'Message can not be empty.')
  const leniencies: Leniencies = []
  const text = (name: keyof typeof opsGenieLimits): string =>
    readText(raw[name], name, opsGenieLimits[name], leniencies)
  const labels = readTexts(raw['details'], 'details', opsGenieLimits.detail, leniencies)
  const alias = text('alias')
  const description = text('description')
  let message = firstLine(text('message'))
  if (message === '') {
    message = readText(firstLine(description) || alias, 'message', opsGenieLimits.message, []) || 'no message'
    note(leniencies, 'the message was missing; other words of the alert stand for it')
  }
  const generatorUrl = readableUrl(raw['source'])
  const source = generatorUrl ? '' : text('source')
  const runbook = readableUrl(labels['runbook_url']) ?? readableUrl(labels['runbook']) ?? ''
  const tags = tagsText(readTags(raw['tags'], leniencies))
  noteUnused(raw, leniencies)
  return {
    status: 'firing',
    fingerprint,
    labels,
    annotations: saidTexts({
      description,
      alias,
      entity: text('entity'),
      source,
      tags,
      note: text('note'),
      user: text('user'),
      runbook_url: runbook,
    }),
    severity: labels['severity'] ?? '',
    priority: choosePriority(raw['priority'], labels['severity'], leniencies),
    name: firstLine(labels['alertname'] ?? '') || message,
    summary: message,
    groupKey: alertGroupKey(Object.hasOwn(labels, 'alertname') ? labels : { ...labels, alertname: message }),
    startsAt: now,
    endsAt: null,
    generatorUrl,
    leniencies,
  }
}
