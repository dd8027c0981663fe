/** Which ways to reach people work in this installation, and what the others lack. */
import { useQuery } from '@tanstack/react-query'
import { Badge } from '../../../parts/Badge.tsx'
import { Panel } from '../../../parts/Page.tsx'
import { Row, Rows } from '../../../parts/Rows.tsx'
import { Settled } from '../../../parts/Settled.tsx'
import { t as rules } from '../rules/words.ts'
import { readinessQuery } from './queries.ts'
import styles from './Readiness.module.css'
import { t } from './words.ts'

export const WaysHere = () => {
  const query = useQuery(readinessQuery)
  return (
    <Panel title={t('ways')} flush={query.data !== undefined}>
      <Settled query={query}>
        {({ ways }) => (
          <Rows label={t('ways')}>
            {ways.map(({ kind, works, why }) => (
              <Row
                key={kind}
                tall
                stacked
                title={rules(`way-${kind}`)}
                note={why ? <span className={styles.wrapped}>{why}</span> : undefined}
                end={<Badge tone={works ? 'green' : 'amber'}>{t(works ? 'works' : 'works-not')}</Badge>}
              />
            ))}
          </Rows>
        )}
      </Settled>
    </Panel>
  )
}
