/** Pages that nobody has taken: the only thing on this view that may be red. */
import { useQuery } from '@tanstack/react-query'
import { useAcknowledgePage } from '../operations/paging/acknowledge-page.ts'
import { PageStatus } from '../operations/paging/PageStatus.tsx'
import { unresolvedPagesQuery } from '../operations/paging/queries.ts'
import { Badge, Priority } from '../parts/Badge.tsx'
import { Button } from '../parts/Button.tsx'
import { ErrorNote } from '../parts/ErrorNote.tsx'
import { Panel } from '../parts/Page.tsx'
import { Row, Rows } from '../parts/Rows.tsx'
import { TimeText } from '../parts/TimeText.tsx'
import styles from './Home.module.css'
import { t } from './words.ts'

export const NeedsSomebody = () => {
  const { data, error, refetch } = useQuery(unresolvedPagesQuery)
  const acknowledge = useAcknowledgePage()
  if (error && !data) return <ErrorNote error={error} onRetry={refetch} />
  if (!data) return null
  if (data.rows.length === 0)
    return (
      <p className={styles.quiet}>
        <Badge tone="green">{t('nobody-paged')}</Badge>
      </p>
    )
  const rows = data.rows.toSorted((a, b) => Number(b.status === 'open') - Number(a.status === 'open'))
  const title = rows[0]?.status === 'open' ? t('needs-somebody') : t('being-handled')
  return (
    <Panel title={title} flush>
      <Rows label={title}>
        {rows.map((page) => (
          <Row
            key={page.id}
            tall
            href={`/pages/${page.id}`}
            lead={<Priority level={page.priority} />}
            title={page.title}
            note={page.environment.slug}
            end={
              <span className={styles.taking}>
                <PageStatus page={page} />
                <TimeText at={page.requestedAt} still />
                {page.can.acknowledge ? (
                  <Button size="small" tone="primary" onClick={() => acknowledge.mutate(page)}>
                    {t('acknowledge')}
                  </Button>
                ) : null}
              </span>
            }
          />
        ))}
      </Rows>
    </Panel>
  )
}
