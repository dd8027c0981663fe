/** Whose clusters are run here, and which. A contact sees their own. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { Tag } from '../../parts/Badge.tsx'
import { Button } from '../../parts/Button.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { ErrorNote } from '../../parts/ErrorNote.tsx'
import { FilterSelect } from '../../parts/Filter.tsx'
import { useKeys } from '../../parts/keys.ts'
import { Listing } from '../../parts/Listing.tsx'
import { Columns, Page } from '../../parts/Page.tsx'
import { Table, type Column } from '../../parts/Table.tsx'
import { Tabs } from '../../parts/Tabs.tsx'
import { TimeText } from '../../parts/TimeText.tsx'
import { useMay, useMe } from '../../shell/session.ts'
import {
  customersQuery,
  environmentListQuery,
  type CustomerRow,
  type EnvironmentRow,
} from '../environments/queries.ts'
import { t } from '../environments/words.ts'
import styles from './Customers.module.css'

const AddCustomer = lazy(() => import('./AddCustomer.tsx'))
const AddEnvironment = lazy(() => import('../environments/AddEnvironment.tsx'))
const route = getRouteApi('/frame/customers')

const environmentColumns: readonly Column<EnvironmentRow>[] = [
  {
    key: 'environment',
    title: t('column-environment'),
    width: 'minmax(0, 1.4fr)',
    card: 'title',
    cell: (row) => (
      <>
        {row.slug} <span className={styles.name}>{row.name}</span>
      </>
    ),
  },
  {
    key: 'customer',
    title: t('column-customer'),
    width: 'minmax(0, 1fr)',
    card: 'meta',
    cell: (row) => row.customer.name,
  },
  {
    key: 'version',
    title: t('column-version'),
    width: '6rem',
    card: 'meta',
    cell: (row) => (row.version ? <Tag>{row.version}</Tag> : ''),
  },
  {
    key: 'clusters',
    title: t('column-clusters'),
    width: '5rem',
    card: 'none',
    align: 'end',
    from: 1000,
    cell: (row) => <span className="number">{row.clusters.length}</span>,
  },
  {
    key: 'plan',
    title: t('column-plan'),
    width: '9rem',
    card: 'none',
    from: 1200,
    cell: (row) => row.plan ?? '',
  },
  {
    key: 'manager',
    title: t('column-manager'),
    width: '11rem',
    card: 'meta',
    from: 1000,
    cell: (row) => row.deliveryManager?.name ?? '',
  },
]

const customerColumns: readonly Column<CustomerRow>[] = [
  {
    key: 'name',
    title: t('column-customer'),
    width: 'minmax(0, 1fr)',
    card: 'title',
    cell: (row) => row.name,
  },
  { key: 'slug', title: t('slug'), width: '14rem', card: 'meta', cell: (row) => row.slug },
  {
    key: 'since',
    title: t('column-since'),
    width: '8rem',
    card: 'meta',
    align: 'end',
    cell: (row) => <TimeText at={row.createdAt} still />,
  },
]

const Bar = () => {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const customers = useQuery(customersQuery).data?.rows ?? []
  return (
    <>
      <Tabs
        tabs={[
          { label: t('tab-environments'), link: { to: '/customers' }, open: search.tab === undefined },
          {
            label: t('tab-customers'),
            link: { to: '/customers', search: { tab: 'customers' } },
            open: search.tab === 'customers',
          },
        ]}
      />
      {search.tab === undefined && customers.length > 1 ? (
        <FilterSelect
          label={t('filter-customer')}
          any={t('any')}
          value={search.customer}
          choices={customers.map(({ slug, name }) => ({ value: slug, label: name }))}
          onChange={(customer) => void navigate({ search: { customer }, replace: true })}
        />
      ) : null}
    </>
  )
}

const Environments = () => {
  const { customer } = route.useSearch()
  const { account } = useMe()
  const query = useInfiniteQuery(environmentListQuery(customer ? { customer } : {}))
  const own = account.kind === 'contact'
  return (
    <Listing
      label={t('tab-environments')}
      query={query}
      columns={environmentColumns}
      idOf={({ id }) => id}
      linkOf={({ slug }) => ({ to: '/environments/$environment', params: { environment: slug } })}
      empty={
        own ? (
          <EmptyState icon="customers" title={t('empty-own')} />
        ) : (
          <EmptyState icon="customers" title={t('empty-title')} command="fortnight apply -f team.yaml">
            {t('empty-text')}
          </EmptyState>
        )
      }
    />
  )
}

const CustomerTable = ({ onAdd }: { onAdd: (() => void) | undefined }) => {
  const { data, error, refetch } = useQuery(customersQuery)
  if (error)
    return (
      <Columns>
        <ErrorNote error={error} onRetry={refetch} />
      </Columns>
    )
  if (data?.rows.length === 0)
    return (
      <EmptyState
        icon="customers"
        title={t('empty-customers-title')}
        action={
          onAdd ? (
            <Button tone="primary" onClick={onAdd}>
              {t('add-customer')}
            </Button>
          ) : null
        }
      >
        {t('empty-customers-text')}
      </EmptyState>
    )
  return (
    <Table
      label={t('tab-customers')}
      columns={customerColumns}
      rows={data?.rows}
      idOf={({ id }) => id}
      linkOf={({ slug }) => ({ to: '/customers', search: { customer: slug } })}
    />
  )
}

export const Customers = () => {
  const { tab } = route.useSearch()
  const { account } = useMe()
  const may = useMay()
  const [adding, add] = useState<'customer' | 'environment'>()
  const done = (): void => add(undefined)
  const mayAdd = may('environments.change')
  useKeys(mayAdd ? [{ keys: 'n', label: t('add-environment'), run: () => add('environment') }] : [])
  return (
    <Page
      title={account.kind === 'contact' ? t('title-own') : t('title')}
      bar={account.kind === 'contact' ? null : <Bar />}
      actions={
        mayAdd ? (
          <>
            <Button onClick={() => add('customer')}>{t('add-customer')}</Button>
            <Button icon="plus" keys="n" onClick={() => add('environment')}>
              {t('add-environment')}
            </Button>
          </>
        ) : null
      }
    >
      {tab === 'customers' ? (
        <CustomerTable onAdd={mayAdd ? () => add('customer') : undefined} />
      ) : (
        <Environments />
      )}
      <Suspense>
        {adding === 'customer' ? <AddCustomer onClose={done} /> : null}
        {adding === 'environment' ? <AddEnvironment onClose={done} /> : null}
      </Suspense>
    </Page>
  )
}
