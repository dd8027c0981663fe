/** How a window stands, and whether it does what it was planned for. */
import { Badge } from '../../parts/Badge.tsx'
import type { WindowRow } from './queries.ts'
import { t } from './words.ts'

type Standing = Pick<WindowRow, 'state' | 'suppresses' | 'ended'>

export const WindowState = ({ state, suppresses, ended }: Standing) => {
  switch (state) {
    case 'planned':
      return <Badge tone="blue">{t('state-planned')}</Badge>
    case 'lasting':
      return <Badge tone={suppresses ? 'amber' : 'neutral'}>{t('state-lasting')}</Badge>
    case 'over':
      return <Badge>{ended ? t(`ended-${ended.how}`) : t('state-over')}</Badge>
  }
}
