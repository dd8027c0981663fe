/** All incidents. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { Button, buttonLook } from '../../parts/Button.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { useKeys } from '../../parts/keys.ts'
import { Listing } from '../../parts/Listing.tsx'
import { Page } from '../../parts/Page.tsx'
import type { Column } from '../../parts/Table.tsx'
import { Tabs } from '../../parts/Tabs.tsx'
import { TimeText } from '../../parts/TimeText.tsx'
import { EnvironmentFilter } from '../../people/environments/EnvironmentFilter.tsx'
import { environmentColumn } from '../../people/environments/environment-column.ts'
import { useMay } from '../../shell/session.ts'
import { IncidentStatus, Severity } from './IncidentStatus.tsx'
import { incidentsQuery, type IncidentRow } from './queries.ts'
import { t } from './words.ts'

const OpenIncident = lazy(() => import('./OpenIncident.tsx'))
const route = getRouteApi('/frame/incidents')

const columns: readonly Column<IncidentRow>[] = [
  {
    key: 'severity',
    title: t('column-severity'),
    width: '4rem',
    card: 'lead',
    cell: (row) => <Severity level={row.severity} />,
  },
  {
    key: 'number',
    title: t('column-number'),
    width: '3.5rem',
    card: 'meta',
    cell: (row) => <span className="number">{row.number}</span>,
  },
  {
    key: 'title',
    title: t('column-title'),
    width: 'minmax(0, 1fr)',
    card: 'title',
    cell: (row) => row.title,
  },
  environmentColumn,
  {
    key: 'status',
    title: t('column-status'),
    width: '7rem',
    card: 'meta',
    cell: (row) => <IncidentStatus {...row} />,
  },
  {
    key: 'phase',
    title: t('column-phase'),
    width: '9rem',
    card: 'none',
    from: 1000,
    cell: (row) =>
      row.status === 'resolved' ? (
        ''
      ) : (
        <span className="dim">{t('phase-loop', { phase: t(`phase-${row.phase}`), loop: row.loop })}</span>
      ),
  },
  {
    key: 'opened',
    title: t('column-opened'),
    width: '6rem',
    card: 'meta',
    align: 'end',
    cell: (row) => <TimeText at={row.openedAt} still />,
  },
]

const Nothing = ({ filtered }: { filtered: boolean }) => (
  <EmptyState
    icon="incident"
    title={filtered ? t('empty-filtered') : t('empty-title')}
    action={
      <Link to={filtered ? '/incidents' : '/alerts'} className={buttonLook('plain')}>
        {filtered ? t('clear-filters') : t('empty-action')}
      </Link>
    }
  >
    {filtered ? null : t('empty-text')}
  </EmptyState>
)

const Bar = () => {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const to = (status: typeof search.status, label: string) => ({
    label,
    link: { to: '/incidents', search: { ...search, status } } as const,
    open: search.status === status,
  })
  return (
    <>
      <Tabs
        tabs={[
          to(undefined, t('tab-unresolved')),
          to('open', t('tab-open')),
          to('mitigated', t('tab-mitigated')),
          to('resolved', t('tab-resolved')),
          to('all', t('tab-all')),
        ]}
      />
      <EnvironmentFilter
        value={search.environment}
        onChange={(environment) =>
          void navigate({ search: (before) => ({ ...before, environment }), replace: true })
        }
      />
    </>
  )
}

export const IncidentList = () => {
  const { status = 'unresolved', environment } = route.useSearch()
  const may = useMay()
  const [opening, setOpening] = useState(false)
  const query = useInfiniteQuery(
    incidentsQuery({ ...(environment ? { environment } : {}), ...(status === 'all' ? {} : { status }) }),
  )
  const mayOpen = may('incidents.change')
  useKeys(mayOpen ? [{ keys: 'n', label: t('open'), run: () => setOpening(true) }] : [])
  return (
    <Page
      title={t('title')}
      bar={<Bar />}
      actions={
        mayOpen ? (
          <Button icon="plus" keys="n" onClick={() => setOpening(true)}>
            {t('open')}
          </Button>
        ) : null
      }
    >
      <Listing
        label={t('title')}
        query={query}
        columns={columns}
        idOf={({ id }) => id}
        linkOf={({ id }) => ({ to: '/incidents/$incidentId', params: { incidentId: id } })}
        empty={<Nothing filtered={environment !== undefined || status !== 'unresolved'} />}
      />
      <Suspense>
        {opening ? <OpenIncident environment={environment} onClose={() => setOpening(false)} /> : null}
      </Suspense>
    </Page>
  )
}
