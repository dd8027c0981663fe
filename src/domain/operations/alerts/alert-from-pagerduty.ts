/** A trigger event of PagerDuty's Events API v2 as we store it: taken whatever its severity is called, with the bending on record. */
import { refuse, type Refusal } from '../../refusal.ts'
import type { AlertFromSource } from './alert-from-alertmanager.ts'
import { alertGroupKey } from './alert-group.ts'
import { knownSeverity, type Priority } from './priority.ts'
import { isObject, note, readTexts, type Leniencies } from './read-labels.ts'
import { firstLine, readableUrl, readText, saidTexts } from './sent-text.ts'

/** PagerDuty's documented limits, in characters; the others are ours. */
const longest = { summary: 1_024, label: 1_024, detail: 8_192, client: 255 } as const
export const longestDedupKey = 255

const own: Readonly<Record<string, Priority>> = { critical: 1, error: 2, warning: 2, info: 4 }

/** In PagerDuty whatever is triggered may wake somebody: a word that nobody knows counts as `error`. */
const choosePriority = (severity: string, leniencies: Leniencies): Priority => {
  const word = severity.trim().toLowerCase()
  const known = Object.hasOwn(own, word) ? own[word] : knownSeverity(word)
  if (known === undefined) note(leniencies, 'the severity was none that is known; taken as error')
  return known ?? 2
}

/** Where the sender says more can be seen. */
const urlIn = (raw: Record<string, unknown>): string | undefined => {
  const links = Array.isArray(raw['links']) ? raw['links'].slice(0, 20) : []
  const hrefs = links.flatMap((link) => (isObject(link) ? [link['href']] : []))
  return [raw['client_url'], ...hrefs].map(readableUrl).find((url) => url !== undefined)
}

/**
 * @param raw         the body of POST /v2/enqueue with the action `trigger`, parsed from JSON but otherwise untrusted
 * @param fingerprint stands for the key that sent it and its dedup_key
 * @param dedupKey    as it was sent, or as it was made for the sender
 */
export const alertFromPagerDuty = (
  raw: Readonly<Record<string, unknown>>,
  {
    fingerprint,
    dedupKey,
    now,
  }: { readonly fingerprint: string; readonly dedupKey: string; readonly now: number },
): AlertFromSource | Refusal<'payload-missing'> => {
  const payload = raw['payload']
  if (!isObject(payload)) return refuse('payload-missing', "'payload' is missing or blank")
  const leniencies: Leniencies = []
  const text = (name: string, most: number = longest.label): string =>
    readText(payload[name], name, most, leniencies)
  const details = readTexts(payload['custom_details'], 'custom_details', longest.detail, leniencies)
  const source = text('source')
  let summary = firstLine(text('summary', longest.summary))
  if (summary === '') {
    summary = firstLine(details['firing'] ?? '') || source || dedupKey
    note(leniencies, 'the summary was missing; other words of the event stand for it')
  }
  const severity = text('severity')
  const labels = saidTexts({
    // A rule's own labels, where the sender passes them on.
    alertname: details['alertname'] ?? '',
    cluster: details['cluster'] ?? '',
    severity,
    source,
    component: text('component'),
    group: text('group'),
    class: text('class'),
  })
  const generatorUrl = urlIn(raw)
  return {
    status: 'firing',
    fingerprint,
    labels,
    annotations: saidTexts({
      ...details,
      dedup_key: dedupKey,
      client: readText(raw['client'], 'client', longest.client, leniencies),
      runbook_url: readableUrl(details['runbook_url']) ?? readableUrl(details['runbook']) ?? '',
    }),
    severity,
    priority: choosePriority(severity, leniencies),
    name: firstLine(labels['alertname'] ?? '') || summary,
    summary,
    groupKey: alertGroupKey('alertname' in labels ? labels : { ...labels, alertname: summary }),
    startsAt: now,
    endsAt: null,
    generatorUrl,
    leniencies,
  }
}
