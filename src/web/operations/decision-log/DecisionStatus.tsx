/** How a decision stands; what is owed is said before all else. */
import { Badge, type Tone } from '../../parts/Badge.tsx'
import type { DecisionRow } from './queries.ts'
import { t } from './status-words.ts'

const tones: Readonly<Record<DecisionRow['status'], Tone>> = {
  proposed: 'blue',
  decided: 'green',
  superseded: 'neutral',
  withdrawn: 'neutral',
  'break-glass-owed': 'amber',
}

export const DecisionStatus = ({ decision }: { decision: Pick<DecisionRow, 'status' | 'owed'> }) => {
  const { owed, status } = decision
  if (owed?.overdue) return <Badge tone="red">{t(`owed-${owed.what}-overdue`)}</Badge>
  if (owed) return <Badge tone="amber">{t(`owed-${owed.what}`)}</Badge>
  return <Badge tone={tones[status]}>{t(`status-${status}`)}</Badge>
}

/** The title of a decision: the first line of what it says. */
export const titleOf = (what: string): string =>
  what
    .split('\n', 1)[0]
    ?.replace(/^#+\s+/, '')
    .trim() ?? ''
