/** How an incident stands and how bad it is. Mitigated and resolved are not the same. */
import { Badge, Level, type Tone } from '../../parts/Badge.tsx'
import type { IncidentRow } from './queries.ts'
import { t } from './status-words.ts'

const tones: Readonly<Record<IncidentRow['status'], Tone>> = {
  open: 'amber',
  mitigated: 'blue',
  resolved: 'green',
}

export const IncidentStatus = ({ status, severity }: Pick<IncidentRow, 'status' | 'severity'>) => (
  <Badge tone={status === 'open' && severity === 1 ? 'red' : tones[status]}>{t(`status-${status}`)}</Badge>
)

export const Severity = ({ level }: { level: number }) => (
  <Level rank={level} text={t('severity-short', { level })} spoken={t('severity-spoken', { level })} />
)
