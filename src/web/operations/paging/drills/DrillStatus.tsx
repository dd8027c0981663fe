/** How a drill stands, in one word. */
import { Badge } from '../../../parts/Badge.tsx'
import type { Drill } from './queries.ts'
import { t } from './words.ts'

const TONES = { asked: 'amber', ringing: 'amber', proved: 'green', missed: 'red' } as const

export const DrillStatus = ({ status }: Pick<Drill, 'status'>) => (
  <Badge tone={TONES[status]}>{t(status)}</Badge>
)
