/** All pages; the page itself is plain HTML from the server, so that it opens on the worst connection. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Badge, Priority } from '../../parts/Badge.tsx'
import { buttonLook } from '../../parts/Button.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { Listing } from '../../parts/Listing.tsx'
import { Page } from '../../parts/Page.tsx'
import type { Column } from '../../parts/Table.tsx'
import { Tabs } from '../../parts/Tabs.tsx'
import { TimeText } from '../../parts/TimeText.tsx'
import { EnvironmentFilter } from '../../people/environments/EnvironmentFilter.tsx'
import { environmentColumn } from '../../people/environments/environment-column.ts'
import { useAcknowledgePage } from './acknowledge-page.ts'
import { PageStatus } from './PageStatus.tsx'
import { pagesQuery, type PageRow } from './queries.ts'
import { t } from './words.ts'

const route = getRouteApi('/frame/pages')

const columns: readonly Column<PageRow>[] = [
  {
    key: 'priority',
    title: t('column-priority'),
    width: '3.75rem',
    card: 'lead',
    cell: (row) => <Priority level={row.priority} />,
  },
  { key: 'page', title: t('column-page'), width: 'minmax(0, 1fr)', card: 'title', cell: (row) => row.title },
  {
    key: 'nobody',
    title: t('column-note'),
    width: '8.5rem',
    card: 'meta',
    from: 1000,
    cell: (row) => (row.nobodyOnCall ? <Badge tone="red">{t('nobody-on-call')}</Badge> : null),
  },
  environmentColumn,
  {
    key: 'status',
    title: t('column-status'),
    width: '12rem',
    card: 'meta',
    cell: (row) => <PageStatus page={row} />,
  },
  {
    key: 'alerts',
    title: t('column-alerts'),
    width: '4rem',
    card: 'none',
    align: 'end',
    from: 1200,
    cell: (row) => <span className="number dim">{row.alertCount}</span>,
  },
  {
    key: 'requested',
    title: t('column-requested'),
    width: '6rem',
    card: 'meta',
    align: 'end',
    cell: (row) => <TimeText at={row.requestedAt} still />,
  },
]

const Nothing = ({ filtered }: { filtered: boolean }) =>
  filtered ? (
    <EmptyState
      icon="page"
      title={t('empty-filtered')}
      action={
        <Link to="/pages" className={buttonLook('plain')}>
          {t('clear-filters')}
        </Link>
      }
    />
  ) : (
    <EmptyState
      icon="page"
      title={t('empty-title')}
      action={
        <Link to="/settings/$section" params={{ section: 'notifications' }} className={buttonLook('plain')}>
          {t('empty-action')}
        </Link>
      }
    >
      {t('empty-text')}
    </EmptyState>
  )

const Bar = () => {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const to = (next: typeof search.status, label: string) => ({
    label,
    link: { to: '/pages', search: { ...search, status: next } } as const,
    open: search.status === next,
  })
  return (
    <>
      <Tabs
        tabs={[
          to(undefined, t('tab-unresolved')),
          to('resolved', t('tab-resolved')),
          to('all', t('tab-all')),
        ]}
      />
      <EnvironmentFilter
        value={search.environment}
        onChange={(environment) =>
          void navigate({
            search: (before) => ({ ...before, environment }),
            replace: true,
          })
        }
      />
    </>
  )
}

export const PageList = () => {
  const { status = 'unresolved', environment } = route.useSearch()
  const acknowledge = useAcknowledgePage()
  const query = useInfiniteQuery(
    pagesQuery({ ...(environment ? { environment } : {}), ...(status === 'all' ? {} : { status }) }),
  )
  return (
    <Page title={t('title')} bar={<Bar />}>
      <Listing
        label={t('title')}
        query={query}
        columns={columns}
        idOf={({ id }) => id}
        hrefOf={({ id }) => `/pages/${id}`}
        rowKeys={[
          {
            keys: 'a',
            label: t('acknowledge'),
            run: (row) => row.can.acknowledge && acknowledge.mutate(row),
          },
        ]}
        empty={<Nothing filtered={environment !== undefined || status !== 'unresolved'} />}
      />
    </Page>
  )
}
