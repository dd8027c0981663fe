/** Within how many minutes somebody should have a page, by environment and priority. */
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { Button } from '../../../parts/Button.tsx'
import { Panel } from '../../../parts/Page.tsx'
import { Row, Rows } from '../../../parts/Rows.tsx'
import { Settled } from '../../../parts/Settled.tsx'
import { responseTimesQuery, type Choices, type ResponseTimes as Times } from './queries.ts'
import styles from './Routing.module.css'
import { t } from './words.ts'

const ResponseDialog = lazy(() => import('./ResponseDialog.tsx'))

const inWords = ({ minutes }: Times): string =>
  Object.entries(minutes)
    .map(([priority, count = 0]) => t('response-line', { priority, count }))
    .join(' · ')

export const ResponseTimes = ({ environments }: { environments: Choices['environments'] }) => {
  const query = useQuery(responseTimesQuery)
  const [open, setOpen] = useState(false)
  const mayChange = query.data?.can.change === true && environments.length > 0
  return (
    <Panel
      title={t('response-times')}
      flush={query.data !== undefined}
      actions={
        mayChange ? (
          <Button size="small" onClick={() => setOpen(true)}>
            {t('response-change')}
          </Button>
        ) : null
      }
    >
      <Settled query={query}>
        {({ rows }) => (
          <>
            <div className={styles.text}>
              <p>{t('response-text')}</p>
            </div>
            {rows.length === 0 ? null : (
              <Rows label={t('response-times')}>
                {rows.map((row) => (
                  <Row
                    key={row.environment.id}
                    stacked
                    title={<span className={styles.wrapped}>{row.environment.name}</span>}
                    note={<span className={styles.wrapped}>{inWords(row)}</span>}
                  />
                ))}
              </Rows>
            )}
            <Suspense>
              {open ? (
                <ResponseDialog environments={environments} rows={rows} onClose={() => setOpen(false)} />
              ) : null}
            </Suspense>
          </>
        )}
      </Settled>
    </Panel>
  )
}
