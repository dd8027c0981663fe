/** By what right a shell was opened. */
import { Badge, type Tone } from '../../parts/Badge.tsx'
import type { Kind } from './queries.ts'
import { t } from './words.ts'

const tones: Readonly<Record<Kind, Tone>> = { look: 'neutral', decided: 'green', 'break-glass': 'amber' }

export const KindBadge = ({
  kind,
  changedWithoutDecision,
}: {
  kind: Kind
  changedWithoutDecision: boolean
}) =>
  changedWithoutDecision ? (
    <Badge tone="red">{t('changed-without')}</Badge>
  ) : (
    <Badge tone={tones[kind]}>{t(`kind-${kind}`)}</Badge>
  )
