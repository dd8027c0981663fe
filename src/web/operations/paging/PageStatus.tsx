/** Who has a page, or that nobody has. */
import { Badge } from '../../parts/Badge.tsx'
import type { PageRow } from './queries.ts'
import { t } from './words.ts'

export const PageStatus = ({ page }: { page: PageRow }) => {
  if (page.status === 'resolved') return <Badge tone="green">{t('status-resolved')}</Badge>
  if (page.status === 'acknowledged')
    return (
      <Badge tone="blue">
        {page.acknowledgedBy
          ? t('status-taken-by', { name: page.acknowledgedBy.name })
          : t('status-acknowledged')}
      </Badge>
    )
  return <Badge tone="red">{t('status-open')}</Badge>
}
