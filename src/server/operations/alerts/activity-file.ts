/** What was done to an alert, to take away: as Markdown for a report, as CSV for a table. */
import type { alertRoutes } from '../../../contract/operations/alerts.ts'
import type { ReplyOf } from '../../../contract/route.ts'
import { csvReply, csvText } from '../../platform/http/csv.ts'
import { downloadReply, type RawReply } from '../../platform/http/raw-reply.ts'

type Detail = ReplyOf<typeof alertRoutes.getAlert>
type Act = Detail['activity'][number]

const iso = (at: number | null): string => (at === null ? '' : new Date(at).toISOString())

/** Somebody's words in a list: no heading, no link and no markup of theirs, and never another line. */
const escaped = (text: string): string =>
  text
    .replace(/[\\`*_{}[\]<>()#+!|~-]/g, '\\$&')
    .replace(/\s*[\r\n]+\s*/g, ' / ')
    .trim()

const sentence = ({ kind, by, whom, until, detail }: Act): string =>
  [
    kind.replaceAll('-', ' '),
    ...(whom ? [`: ${escaped(whom.name)}`] : []),
    ...(until === null ? [] : [` until ${iso(until)}`]),
    ...(by ? [` (${escaped(by.name)})`] : []),
    ...(detail === null ? [] : [`. ${escaped(detail)}`]),
  ].join('')

const facts = (alert: Detail): readonly (readonly [string, string])[] => [
  ['Environment', alert.environment.slug],
  ['Priority', alert.priority],
  ['Status', alert.status],
  ['Firing since', iso(alert.startsAt)],
  ['Received', iso(alert.openedAt)],
  ['Acknowledged', iso(alert.acknowledgedAt)],
  ['Closed', iso(alert.closedAt)],
  ['Notifications', String(alert.count)],
  ['Incidents', alert.incidents.map(({ number }) => number).join(', ')],
  ['Attachments', alert.attachments.map(({ fileName }) => fileName).join(', ')],
]

export const activityMarkdown = (alert: Detail): string =>
  [
    `# ${escaped(alert.name)}`,
    '',
    ...(alert.summary && alert.summary !== alert.name ? [escaped(alert.summary), ''] : []),
    ...facts(alert).flatMap(([name, value]) => (value === '' ? [] : [`* ${name}: ${escaped(value)}`])),
    ...Object.entries(alert.labels).map(([name, value]) => `* ${escaped(name)}: ${escaped(value)}`),
    '',
    '## Activity',
    'Times are UTC.',
    '',
    ...alert.activity.map((act) => `* ${iso(act.at)} ${sentence(act)}`),
    '',
  ].join('\n')

export const activityCsv = (alert: Detail): string =>
  csvText(
    ['at', 'what', 'by', 'whom', 'until', 'detail'],
    alert.activity.map(({ at, kind, by, whom, until, detail }) => [
      iso(at),
      kind,
      by?.name ?? null,
      whom?.name ?? null,
      iso(until),
      detail,
    ]),
  )

export const activityFile = (alert: Detail, format: 'md' | 'csv'): RawReply =>
  format === 'csv'
    ? csvReply(`alert-${alert.id}`, activityCsv(alert))
    : downloadReply(
        `alert-${alert.id}.md`,
        'text/markdown; charset=utf-8',
        Buffer.from(activityMarkdown(alert)),
      )
