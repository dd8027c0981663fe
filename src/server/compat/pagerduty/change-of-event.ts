/** A change event as we keep it: what was said, within bounds. */
import { isObject, readTexts } from '../../../domain/operations/alerts/read-labels.ts'
import { firstLine, readableUrl, readText } from '../../../domain/operations/alerts/sent-text.ts'
import { parseInstant } from '../../../domain/time/instant.ts'
import type { AnnouncedChange } from '../../operations/operator-log/index.ts'
import { InvalidEvent, type ChangeEvent } from './read-event.ts'

const longest = { summary: 1_024, source: 255, detail: 1_024 } as const
const MOST_LINKS = 10

/** @throws InvalidEvent when it does not say what was changed */
export const changeOf = ({ body, payload }: ChangeEvent, now: number): AnnouncedChange => {
  const what = firstLine(readText(payload['summary'], 'summary', longest.summary, []))
  if (what === '') throw new InvalidEvent("'payload.summary' is missing or blank")
  const at = typeof payload['timestamp'] === 'string' ? parseInstant(payload['timestamp']) : null
  const links = Array.isArray(body['links']) ? body['links'].slice(0, MOST_LINKS) : []
  return {
    what,
    source: readText(payload['source'], 'source', longest.source, []),
    // A clock that runs ahead is not believed.
    happenedAt: at === null || at < 0 || at > now ? now : at,
    links: links.flatMap((link) => (isObject(link) ? (readableUrl(link['href']) ?? []) : [])),
    details: { ...readTexts(payload['custom_details'], 'custom_details', longest.detail, []) },
  }
}
