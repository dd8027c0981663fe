/** Paging drills: rung and followed, planned by the week, and what was last proven to reach somebody. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { Button } from '../../../parts/Button.tsx'
import { EmptyState } from '../../../parts/EmptyState.tsx'
import { ErrorNote } from '../../../parts/ErrorNote.tsx'
import { useKeys } from '../../../parts/keys.ts'
import { Columns, Panel } from '../../../parts/Page.tsx'
import { Row, Rows } from '../../../parts/Rows.tsx'
import { SkeletonLines } from '../../../parts/Skeleton.tsx'
import { TimeText } from '../../../parts/TimeText.tsx'
import { useMay } from '../../../shell/session.ts'
import styles from './Drills.module.css'
import { DrillStatus } from './DrillStatus.tsx'
import { DrillView } from './DrillView.tsx'
import { outcomeOf } from './outcome.ts'
import { Plans } from './Plans.tsx'
import { drillsQuery, type Drill } from './queries.ts'
import { Unproven } from './Unproven.tsx'
import { t } from './words.ts'

const RingDrill = lazy(() => import('./RingDrill.tsx'))

const OneDrill = ({ drill }: { drill: Drill }) => (
  <Row
    tall
    stacked
    link={{ to: '/on-call', search: { view: 'drills', drill: drill.id } }}
    title={`${drill.environment.name} · ${drill.person?.name ?? t('by-policy')}`}
    note={<span className={styles.wrapped}>{outcomeOf(drill)}</span>}
    end={
      <>
        <DrillStatus status={drill.status} />
        <TimeText at={drill.askedAt} still />
      </>
    }
  />
)

const List = ({ onRing }: { onRing: (() => void) | undefined }) => {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } =
    useInfiniteQuery(drillsQuery)
  const rows = data?.pages.flatMap((part) => part.rows)
  const ring = onRing ? (
    <Button icon="plus" keys="n" tone="primary" onClick={onRing}>
      {t('ring')}
    </Button>
  ) : null
  if (error && !rows) return <ErrorNote error={error} onRetry={refetch} />
  if (rows?.length === 0)
    return (
      <EmptyState icon="page" title={t('empty')} command={t('empty-command')} action={ring}>
        {t('empty-text')}
      </EmptyState>
    )
  return (
    <Panel title={t('title')} flush actions={ring}>
      <p className={styles.text}>{t('text')}</p>
      {rows ? (
        <Rows label={t('title')}>
          {rows.map((drill) => (
            <OneDrill key={drill.id} drill={drill} />
          ))}
        </Rows>
      ) : (
        <SkeletonLines lines={6} />
      )}
      {hasNextPage ? (
        <p className={styles.text}>
          <Button size="small" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {t('all')}
          </Button>
        </p>
      ) : null}
    </Panel>
  )
}

/** @param drill the one that the address names */
export const Drills = ({ drill }: { drill: string | undefined }) => {
  const mayRing = useMay()('pages.acknowledge')
  const [ringing, setRinging] = useState(false)
  const ring = (): void => setRinging(true)
  useKeys(mayRing ? [{ keys: 'n', label: t('ring'), run: ring }] : [])
  return (
    <Columns
      rail={
        <>
          <Unproven />
          <Plans />
        </>
      }
    >
      {drill === undefined ? <List onRing={mayRing ? ring : undefined} /> : <DrillView drillId={drill} />}
      <Suspense>{ringing ? <RingDrill onClose={() => setRinging(false)} /> : null}</Suspense>
    </Columns>
  )
}
export default Drills
