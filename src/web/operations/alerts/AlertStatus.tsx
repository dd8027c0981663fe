/** How an alert stands, in one word. */
import { Badge, type Tone } from '../../parts/Badge.tsx'
import { day } from '../../../domain/time/instant.ts'
import { clockTime, shortDate } from '../../messages/format.ts'
import { useNow, useReader } from '../../parts/reader.ts'
import type { AlertRow } from './queries.ts'
import { t } from './status-words.ts'

const tones: Readonly<Record<AlertRow['status'], Tone>> = {
  open: 'amber',
  acknowledged: 'blue',
  closed: 'green',
}

/** Red only for what nobody has taken and cannot wait; what sleeps says until when. */
export const AlertStatus = ({
  status,
  priority,
  snoozedUntil,
}: Pick<AlertRow, 'status' | 'priority' | 'snoozedUntil'>) => {
  const reader = useReader()
  const now = useNow()
  if (snoozedUntil !== null) {
    const until = snoozedUntil - now < day ? clockTime(snoozedUntil, reader) : shortDate(snoozedUntil, reader)
    return <Badge tone="blue">{t('asleep', { until })}</Badge>
  }
  return (
    <Badge tone={status === 'open' && priority === 'P1' ? 'red' : tones[status]}>
      {t(`status-${status}`)}
    </Badge>
  )
}
