/** Who answers when: the rota as a picture and as a list, who takes over for whom, and whom a page tells next. */
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { Button, buttonLook } from '../../parts/Button.tsx'
import { addDays } from '../../parts/days.ts'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { ErrorNote } from '../../parts/ErrorNote.tsx'
import { Icon } from '../../parts/Icon.tsx'
import { KeyHint } from '../../parts/KeyHint.tsx'
import { useKeys } from '../../parts/keys.ts'
import { Columns, Page } from '../../parts/Page.tsx'
import { SkeletonLines } from '../../parts/Skeleton.tsx'
import { Tabs } from '../../parts/Tabs.tsx'
import { useMay } from '../../shell/session.ts'
import { Escalation } from './Escalation.tsx'
import styles from './OnCall.module.css'
import { schedulesQuery, type ScheduleRow } from './queries.ts'
import { Rota, type Stretch } from './Rota.tsx'
import { useWindow } from './rota-window.ts'
import { t } from './words.ts'

const AddOverride = lazy(() => import('./AddOverride.tsx'))
const Policies = lazy(() => import('../alerts/policies/Policies.tsx'))
const Routing = lazy(() => import('../paging/routing/Routing.tsx'))
const Drills = lazy(() => import('../paging/drills/Drills.tsx'))
const route = getRouteApi('/frame/on-call')

const Steps = () => {
  const search = route.useSearch()
  const { monday, weeks, thisMonday } = useWindow()
  const to = (from: string | undefined) => ({ to: '/on-call', search: { ...search, from } }) as const
  const moved = (days: number): string => addDays(monday, days)
  return (
    <span className={styles.steps}>
      <Link {...to(moved(-7 * weeks))} className={buttonLook('plain', 'small')} aria-label={t('earlier')}>
        <Icon name="left" size={14} />
      </Link>
      {monday === thisMonday ? null : (
        <Link {...to(undefined)} className={buttonLook('plain', 'small')}>
          {t('today')}
        </Link>
      )}
      <Link {...to(moved(7 * weeks))} className={buttonLook('plain', 'small')} aria-label={t('later')}>
        <Icon name="right" size={14} />
      </Link>
    </span>
  )
}

const Bar = ({ schedules, current }: { schedules: readonly ScheduleRow[]; current: string | undefined }) => {
  const search = route.useSearch()
  const view = search.view ?? 'rota'
  const link = (change: Partial<typeof search>) =>
    ({ to: '/on-call', search: { ...search, ...change } }) as const
  return (
    <>
      <Tabs
        tabs={[
          { label: t('rota'), link: { to: '/on-call', search: {} }, open: view === 'rota' },
          { label: t('escalation'), link: link({ view: 'escalation' }), open: view === 'escalation' },
          { label: t('alert-policies'), link: link({ view: 'policies' }), open: view === 'policies' },
          { label: t('routing'), link: link({ view: 'routing' }), open: view === 'routing' },
          { label: t('drills'), link: link({ view: 'drills', drill: undefined }), open: view === 'drills' },
        ]}
      />
      {view === 'rota' && schedules.length > 1 ? (
        <Tabs
          label={t('schedule')}
          tabs={schedules.map(({ slug, name }) => ({
            label: name,
            link: link({ schedule: slug }),
            open: slug === current,
          }))}
        />
      ) : null}
      {view === 'rota' ? (
        <span className={styles.right}>
          <Tabs
            label={t('weeks', { count: '' })}
            tabs={(['2', '4', '8'] as const).map((weeks) => ({
              label: t('weeks', { count: weeks }),
              link: link({ weeks }),
              open: (search.weeks ?? '2') === weeks,
            }))}
          />
          <Steps />
        </span>
      ) : null}
    </>
  )
}

/** What may be done here, as buttons and keys; what somebody may not do is not there. */
const Actions = ({
  schedule,
  mayCreate,
  view,
  onOverride,
}: {
  schedule: ScheduleRow | undefined
  mayCreate: boolean
  view: 'rota' | 'escalation' | 'policies' | 'routing' | 'drills'
  onOverride: () => void
}) => {
  const navigate = useNavigate()
  const isRota = view === 'rota'
  // Rules and drills are made where they stand.
  const mayMake = mayCreate && (isRota || view === 'escalation')
  const made = isRota ? ({ to: '/on-call/new-rota' } as const) : ({ to: '/on-call/new-policy' } as const)
  const mayOverride = isRota && schedule?.can.override === true
  const edited =
    isRota && schedule?.can.change
      ? ({ to: '/on-call/rotas/$schedule', params: { schedule: schedule.slug } } as const)
      : undefined
  useKeys([
    ...(mayOverride ? [{ keys: 'o', label: t('override-title'), run: onOverride }] : []),
    ...(edited ? [{ keys: 'e', label: t('edit-rota'), run: () => void navigate(edited) }] : []),
    ...(mayMake
      ? [{ keys: 'n', label: t(isRota ? 'new-rota' : 'new-policy'), run: () => void navigate(made) }]
      : []),
  ])
  return (
    <>
      {mayMake ? (
        <Link {...made} className={buttonLook()}>
          {t(isRota ? 'new-rota' : 'new-policy')}
          <KeyHint keys="n" />
        </Link>
      ) : null}
      {edited ? (
        <Link {...edited} className={buttonLook()}>
          {t('edit-rota')}
          <KeyHint keys="e" />
        </Link>
      ) : null}
      {mayOverride ? (
        <Button icon="plus" keys="o" onClick={onOverride}>
          {t('add-override')}
        </Button>
      ) : null}
    </>
  )
}

const NoRota = ({ mayCreate }: { mayCreate: boolean }) => (
  <EmptyState
    icon="rota"
    title={t('empty-title')}
    {...(mayCreate ? { command: t('empty-command') } : {})}
    action={
      mayCreate ? (
        <Link to="/on-call/new-rota" className={buttonLook('primary')}>
          {t('new-rota')}
        </Link>
      ) : null
    }
  >
    {t(mayCreate ? 'empty-text' : 'empty-text-reader')}
  </EmptyState>
)

export const OnCall = () => {
  const may = useMay()
  const search = route.useSearch()
  const { data, error, refetch } = useQuery(schedulesQuery)
  const [adding, setAdding] = useState<Stretch | 'now'>()
  const schedules = data?.rows ?? []
  const schedule = schedules.find(({ slug }) => slug === search.schedule) ?? schedules[0]
  const view = search.view ?? 'rota'
  // The same permission for rotas and policies, before either list is read.
  const mayCreate = may('on-call.change')
  return (
    <Page
      title={t('title')}
      bar={<Bar schedules={schedules} current={schedule?.slug} />}
      actions={
        <Actions schedule={schedule} mayCreate={mayCreate} view={view} onOverride={() => setAdding('now')} />
      }
    >
      {view === 'escalation' ? (
        <Escalation />
      ) : view === 'routing' || view === 'policies' || view === 'drills' ? (
        <Suspense
          fallback={
            <Columns>
              <SkeletonLines lines={8} />
            </Columns>
          }
        >
          {view === 'routing' ? (
            <Routing />
          ) : view === 'policies' ? (
            <Policies />
          ) : (
            <Drills drill={search.drill} />
          )}
        </Suspense>
      ) : error ? (
        <Columns>
          <ErrorNote error={error} onRetry={refetch} />
        </Columns>
      ) : schedule ? (
        <Rota
          schedule={schedule}
          schedules={schedules}
          onCover={schedule.can.override ? setAdding : undefined}
        />
      ) : data ? (
        <NoRota mayCreate={mayCreate} />
      ) : (
        <Columns>
          <SkeletonLines lines={8} />
        </Columns>
      )}
      <Suspense>
        {adding && schedule ? (
          <AddOverride
            schedule={schedule}
            stretch={adding === 'now' ? undefined : adding}
            onClose={() => setAdding(undefined)}
          />
        ) : null}
      </Suspense>
    </Page>
  )
}
