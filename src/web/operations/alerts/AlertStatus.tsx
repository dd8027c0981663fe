/** How an alert stands, in one word. */
import { Badge, type Tone } from '../../parts/Badge.tsx'
import type { AlertRow } from './queries.ts'
import { t } from './status-words.ts'

const tones: Readonly<Record<AlertRow['status'], Tone>> = {
  open: 'amber',
  acknowledged: 'blue',
  closed: 'green',
}

/** Red only for what nobody has taken and cannot wait. */
export const AlertStatus = ({ status, priority }: Pick<AlertRow, 'status' | 'priority'>) => (
  <Badge tone={status === 'open' && priority === 'P1' ? 'red' : tones[status]}>{t(`status-${status}`)}</Badge>
)
