/** The Decision Log of all environments, or of one. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { Tag } from '../../parts/Badge.tsx'
import { Button, buttonLook } from '../../parts/Button.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { SearchField } from '../../parts/Filter.tsx'
import { useKeys } from '../../parts/keys.ts'
import { Listing } from '../../parts/Listing.tsx'
import { Page } from '../../parts/Page.tsx'
import type { Column } from '../../parts/Table.tsx'
import { Tabs } from '../../parts/Tabs.tsx'
import { TimeText } from '../../parts/TimeText.tsx'
import { EnvironmentFilter } from '../../people/environments/EnvironmentFilter.tsx'
import { environmentColumn } from '../../people/environments/environment-column.ts'
import { useMay, useMe } from '../../shell/session.ts'
import styles from './DecisionList.module.css'
import { DecisionStatus, titleOf } from './DecisionStatus.tsx'
import { decisionsQuery, type DecisionRow } from './queries.ts'
import { t } from './words.ts'

const NewDecision = lazy(() => import('./NewDecision.tsx'))
const BreakGlass = lazy(() => import('./BreakGlass.tsx'))
const route = getRouteApi('/frame/decisions')

const columns: readonly Column<DecisionRow>[] = [
  {
    key: 'number',
    title: t('column-number'),
    width: '4rem',
    card: 'lead',
    cell: (row) => <span className="number dim">{row.number}</span>,
  },
  {
    key: 'what',
    title: t('column-what'),
    width: 'minmax(0, 1fr)',
    card: 'title',
    cell: (row) => titleOf(row.what),
  },
  {
    key: 'glass',
    title: t('column-note'),
    width: '6.5rem',
    card: 'meta',
    from: 1200,
    cell: (row) => (row.breakGlass ? <Tag>{t('broken-glass')}</Tag> : null),
  },
  environmentColumn,
  {
    key: 'status',
    title: t('column-status'),
    width: '9rem',
    card: 'meta',
    cell: (row) => <DecisionStatus decision={row} />,
  },
  {
    key: 'by',
    title: t('column-by'),
    width: '10rem',
    card: 'meta',
    from: 1200,
    cell: (row) => (row.decidedBy ?? row.openedBy).name,
  },
  {
    key: 'at',
    title: t('column-at'),
    width: '6rem',
    card: 'meta',
    align: 'end',
    cell: (row) => <TimeText at={row.openedAt} still />,
  },
]

const Bar = ({ owedCount }: { owedCount: number | undefined }) => {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const to = (show: typeof search.show, label: string, count?: number) => ({
    label,
    count,
    link: { to: '/decisions', search: { ...search, show } } as const,
    open: search.show === show,
  })
  const narrow = (change: Partial<typeof search>): void =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true })
  return (
    <>
      <Tabs
        tabs={[
          to(undefined, t('tab-all')),
          to('owed', t('tab-owed'), owedCount || undefined),
          to('proposed', t('tab-proposed')),
          to('decided', t('tab-decided')),
        ]}
      />
      <EnvironmentFilter value={search.environment} onChange={(environment) => narrow({ environment })} />
      <SearchField
        label={t('search')}
        value={search.search}
        onChange={(words) => narrow({ search: words })}
      />
      {search.environment ? (
        <a
          className={`${buttonLook('quiet', 'small')} ${styles.export}`}
          href={`/api/environments/${search.environment}/decision-log.md`}
          download={`${search.environment}-decision-log.md`}
        >
          {t('export')}
        </a>
      ) : null}
    </>
  )
}

const Nothing = ({ filtered }: { filtered: boolean }) => {
  const { account } = useMe()
  if (filtered)
    return (
      <EmptyState
        icon="decision"
        title={t('empty-filtered')}
        action={
          <Link to="/decisions" className={buttonLook('plain')}>
            {t('clear-filters')}
          </Link>
        }
      />
    )
  return (
    <EmptyState
      icon="decision"
      title={account.kind === 'contact' ? t('contact-empty') : t('empty-title')}
      {...(account.kind === 'contact' ? {} : { command: 'fortnight decide --environment acme-prod' })}
    >
      {account.kind === 'contact' ? null : t('empty-text')}
    </EmptyState>
  )
}

export const DecisionList = () => {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const may = useMay()
  const [breaking, setBreaking] = useState(false)
  const { show } = search
  const query = useInfiniteQuery(
    decisionsQuery({
      ...(search.environment ? { environment: search.environment } : {}),
      ...(search.search ? { search: search.search } : {}),
      ...(show === 'owed' ? { owed: 'true' as const } : show ? { status: show } : {}),
    }),
  )
  const make = (on: boolean): void =>
    void navigate({ search: (before) => ({ ...before, make: on ? '1' : undefined }) })
  const mayChange = may('decisions.change')
  useKeys(mayChange ? [{ keys: 'n', label: t('make'), run: () => make(true) }] : [])
  return (
    <Page
      title={t('title')}
      bar={<Bar owedCount={query.data?.pages[0]?.owedCount} />}
      actions={
        mayChange ? (
          <>
            <Button tone="quiet" onClick={() => setBreaking(true)}>
              {t('break-glass')}
            </Button>
            <Button tone="primary" icon="plus" keys="n" onClick={() => make(true)}>
              {t('make')}
            </Button>
          </>
        ) : null
      }
    >
      <Listing
        label={t('title')}
        query={query}
        columns={columns}
        idOf={({ id }) => id}
        linkOf={({ id }) => ({ to: '/decisions/$decisionId', params: { decisionId: id } })}
        empty={<Nothing filtered={Boolean(show ?? search.environment ?? search.search)} />}
      />
      <Suspense>
        {search.make && mayChange ? (
          <NewDecision
            environment={search.environment}
            incidentId={search.incident}
            onClose={() => make(false)}
          />
        ) : null}
        {breaking ? <BreakGlass environment={search.environment} onClose={() => setBreaking(false)} /> : null}
      </Suspense>
    </Page>
  )
}
