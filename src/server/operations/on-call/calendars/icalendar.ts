/** Writes calendar entries as iCalendar text (RFC 5545), which every calendar program reads. */
import { createHash } from 'node:crypto'
import { formatInstant } from '../../../../domain/time/instant.ts'

/** @property key the same for the same entry in every reading, so that programs update it and do not add another */
export type CalendarEntry = {
  readonly key: string
  readonly from: number
  readonly to: number
  readonly summary: string
}

/** RFC 5545 section 3.3.5, form 2: an instant in UTC, which no reader's zone can bend. */
const utc = (at: number): string => `${formatInstant(at).slice(0, 19).replace(/[-:]/g, '')}Z`

/** Section 3.3.11. */
const text = (value: string): string =>
  value.replace(/[\\;,]/g, (sign) => `\\${sign}`).replace(/\r\n|\r|\n/g, '\\n')

const MOST_OCTETS = 75

/** Section 3.1: no line is longer than 75 octets, and none is cut within a character. */
const fold = (line: string): string => {
  const folded: string[] = []
  let part = ''
  let octets = 0
  for (const character of line) {
    const size = Buffer.byteLength(character)
    if (octets + size > MOST_OCTETS) {
      folded.push(part)
      part = ' '
      octets = 1
    }
    part += character
    octets += size
  }
  return [...folded, part].join('\r\n')
}

/** Names of people stay out of the id, which calendar programs show and pass on. */
const uid = (key: string): string =>
  `${createHash('sha256').update(key).digest('hex').slice(0, 32)}@fortnight.invalid`

const entryLines = (entry: CalendarEntry, now: number): string[] => [
  'BEGIN:VEVENT',
  `UID:${uid(entry.key)}`,
  `DTSTAMP:${utc(now)}`,
  `DTSTART:${utc(entry.from)}`,
  `DTEND:${utc(entry.to)}`,
  `SUMMARY:${text(entry.summary)}`,
  'TRANSP:TRANSPARENT',
  'END:VEVENT',
]

/** @param refreshMinutes how often programs that subscribe should look again; most look less often */
export const icalendar = (
  name: string,
  entries: readonly CalendarEntry[],
  now: number,
  refreshMinutes: number,
): string =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Fortnight//On call//EN',
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    `X-WR-CALNAME:${text(name)}`,
    `REFRESH-INTERVAL;VALUE=DURATION:PT${refreshMinutes}M`,
    `X-PUBLISHED-TTL:PT${refreshMinutes}M`,
    ...entries.flatMap((entry) => entryLines(entry, now)),
    'END:VCALENDAR',
  ]
    .map((line) => `${fold(line)}\r\n`)
    .join('')
