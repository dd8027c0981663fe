/** How a log is listed. */
import { duration } from '../../messages/format.ts'
import { Badge } from '../../parts/Badge.tsx'
import { Count } from '../../parts/Count.tsx'
import type { Column } from '../../parts/Table.tsx'
import { TimeText } from '../../parts/TimeText.tsx'
import type { Log } from '../queries.ts'
import { t } from '../words.ts'
import styles from './Ledger.module.css'

/** Evidence should wait for seconds; past this somebody should look. */
const TOO_LONG_MS = 120_000

export const logName = (log: Pick<Log, 'environment'>): string =>
  log.environment?.slug ?? t('organisation-log')

const Waiting = ({ log }: { log: Log }) => {
  if (log.pending === 0) return <span className="dim">–</span>
  return (
    <Badge tone={log.delayMs > TOO_LONG_MS ? 'amber' : 'neutral'}>
      {log.pending} · {duration(log.delayMs)}
    </Badge>
  )
}

export const logColumns: readonly Column<Log>[] = [
  { key: 'log', title: t('column-log'), width: 'minmax(0, 1fr)', card: 'title', cell: logName },
  {
    key: 'entries',
    title: t('column-entries'),
    width: '6rem',
    card: 'meta',
    said: true,
    align: 'end',
    cell: (log) => <Count of={log.size} />,
  },
  {
    key: 'checkpoint',
    title: t('column-checkpoint'),
    width: '7rem',
    card: 'none',
    align: 'end',
    cell: (log) => (log.checkpoint ? <Count of={log.checkpoint.size} /> : t('no-checkpoint')),
  },
  {
    key: 'signed',
    title: t('column-signed'),
    width: '7rem',
    card: 'meta',
    said: true,
    cell: (log) => (log.checkpoint ? <TimeText at={log.checkpoint.signedAt} still /> : ''),
  },
  {
    key: 'waiting',
    title: t('column-waiting'),
    width: '8rem',
    card: 'meta',
    said: true,
    cell: (log) => <Waiting log={log} />,
  },
  {
    key: 'windows',
    title: t('column-windows'),
    width: '8rem',
    card: 'none',
    align: 'end',
    from: 1200,
    cell: (log) => <Count of={log.windows} />,
  },
  {
    key: 'root',
    title: t('column-root'),
    width: '11rem',
    card: 'none',
    from: 1000,
    cell: (log) => <span className={styles.root}>{log.root ?? ''}</span>,
  },
]
