/** All alerts, narrowed by address; `a` takes the focused one, `x` chooses several. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useEffect, useMemo, useState } from 'react'
import { dayAndTime } from '../../messages/format.ts'
import { Priority, Tag } from '../../parts/Badge.tsx'
import { Button, buttonLook } from '../../parts/Button.tsx'
import { Command, EmptyState } from '../../parts/EmptyState.tsx'
import { FilterSelect } from '../../parts/Filter.tsx'
import { Listing } from '../../parts/Listing.tsx'
import { Page } from '../../parts/Page.tsx'
import { useReader } from '../../parts/reader.ts'
import type { Column } from '../../parts/Table.tsx'
import { Tabs } from '../../parts/Tabs.tsx'
import { TimeText } from '../../parts/TimeText.tsx'
import { EnvironmentFilter } from '../../people/environments/EnvironmentFilter.tsx'
import { environmentColumn } from '../../people/environments/environment-column.ts'
import { priorities } from '../../shell/search.ts'
import { useMay } from '../../shell/session.ts'
import { useAcknowledgeAlert } from './acknowledge-alert.ts'
import styles from './AlertList.module.css'
import { AlertStatus } from './AlertStatus.tsx'
import { AlertTitle } from './AlertTitle.tsx'
import { GroupedAlerts } from './groups/GroupedAlerts.tsx'
import { useMany } from './many/use-many.tsx'
import { alertsQuery, type AlertFilter, type AlertRow } from './queries.ts'
import { QueryField } from './QueryField.tsx'
import { ViewPicker } from './views/ViewPicker.tsx'
import { t } from './words.ts'

const route = getRouteApi('/frame/alerts')
/** Rows that fill a screen. */
const ENOUGH = 50

const MOST_TAGS = 3
const columns: readonly Column<AlertRow>[] = [
  {
    key: 'priority',
    title: t('column-priority'),
    width: '3.75rem',
    card: 'lead',
    cell: (row) => <Priority level={row.priority} />,
  },
  {
    key: 'alert',
    title: t('column-alert'),
    width: 'minmax(0, 1fr)',
    card: 'title',
    cell: (row) => (
      <AlertTitle {...row}>
        {row.tags.slice(0, MOST_TAGS).map((tag) => (
          <span key={tag} className={styles.tag}>
            <Tag>{tag}</Tag>
          </span>
        ))}
      </AlertTitle>
    ),
  },
  environmentColumn,
  {
    key: 'status',
    title: t('column-status'),
    width: '7.5rem',
    card: 'meta',
    cell: (row) => <AlertStatus {...row} />,
  },
  {
    key: 'owner',
    title: t('owner'),
    width: '8.5rem',
    card: 'none',
    from: 1200,
    cell: (row) => <span className="dim">{(row.owner ?? row.acknowledgedBy)?.name ?? '–'}</span>,
  },
  {
    key: 'count',
    title: t('column-count'),
    width: '3.5rem',
    card: 'none',
    align: 'end',
    from: 1200,
    cell: (row) => <span className="number dim">{row.count}</span>,
  },
  {
    key: 'since',
    title: t('column-since'),
    width: '6rem',
    card: 'meta',
    align: 'end',
    cell: (row) => <TimeText at={row.startsAt} still />,
  },
]

const Nothing = ({ filtered }: { filtered: boolean }) =>
  filtered ? (
    <EmptyState
      icon="alert"
      title={t('empty-filtered')}
      action={
        <Link to="/alerts" className={buttonLook('plain')}>
          {t('clear-filters')}
        </Link>
      }
    >
      {t('empty-filtered-text')}
    </EmptyState>
  ) : (
    <EmptyState
      icon="alert"
      title={t('empty-title')}
      action={<Command text={t('empty-command', { url: window.location.origin })} />}
    >
      {t('empty-text')}
    </EmptyState>
  )

const groupings = ['usual', 'environment', 'priority', 'group', 'severity', 'cluster', 'alertname'] as const
/** What stands in the address is offered as well, whoever wrote it there. */
const groupingChoices = (current: string | undefined) => [
  ...groupings.map((value) => ({ value, label: value === 'usual' ? t('group-by-usual') : value })),
  ...(current === undefined || (groupings as readonly string[]).includes(current)
    ? []
    : [{ value: current, label: current }]),
]

const Bar = () => {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const status = search.status
  const to = (next: typeof status, label: string) => ({
    label,
    link: { to: '/alerts', search: { ...search, status: next } } as const,
    open: status === next,
  })
  const narrow = (change: Partial<typeof search>): void =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true })
  return (
    <>
      <Tabs
        tabs={[
          to(undefined, t('tab-not-closed')),
          to('open', t('tab-open')),
          to('acknowledged', t('tab-acknowledged')),
          to('closed', t('tab-closed')),
          to('all', t('tab-all')),
        ]}
      />
      <EnvironmentFilter value={search.environment} onChange={(environment) => narrow({ environment })} />
      <FilterSelect
        label={t('filter-priority')}
        any={t('any')}
        value={search.priority}
        choices={priorities.map((level) => ({ value: level, label: level }))}
        onChange={(priority) => narrow({ priority: priority as 'P1' })}
      />
      <FilterSelect
        label={t('group-by')}
        any={t('group-by-nothing')}
        value={search.by}
        choices={groupingChoices(search.by)}
        onChange={(by) => narrow({ by, open: undefined })}
      />
      <QueryField value={search.query} onChange={(query) => narrow({ query: query as string })} />
    </>
  )
}

const useFound = (filter: AlertFilter) => {
  const query = useInfiniteQuery(alertsQuery(filter))
  const { hasNextPage, isFetching, fetchNextPage, isError } = query
  const rows = useMemo(() => query.data?.pages.flatMap((part) => part.rows) ?? [], [query.data])
  const lookedTo = query.data?.pages.at(-1)?.lookedTo ?? null
  // Rows are looked at piece by piece where no index finds them: go on until a screen is full or nothing is left.
  useEffect(() => {
    if (lookedTo !== null && rows.length < ENOUGH && hasNextPage && !isFetching && !isError)
      void fetchNextPage()
  }, [lookedTo, rows, hasNextPage, isFetching, isError, fetchNextPage])
  return { query, rows, lookedTo, isTotalSure: !hasNextPage }
}

/** On a phone boxes would take the place of words: they come when they are asked for. */
const SelectOnPhones = ({ on, onChange }: { on: boolean; onChange: (on: boolean) => void }) => (
  <span className={styles.onPhones}>
    <Button aria-pressed={on} onClick={() => onChange(!on)}>
      {t(on ? 'select-end' : 'select')}
    </Button>
  </span>
)

const Elsewhere = () => {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  return (
    <>
      <ViewPicker search={search} onChoose={(chosen) => void navigate({ search: chosen })} />
      <Link to="/alerts/rules" className={buttonLook('quiet')}>
        {t('rules')}
      </Link>
      <Link to="/reports" className={buttonLook('quiet')}>
        {t('report')}
      </Link>
    </>
  )
}

const FlatList = ({ filter, filtered }: { filter: AlertFilter; filtered: boolean }) => {
  const may = useMay()
  const reader = useReader()
  const acknowledge = useAcknowledgeAlert()
  const { query, rows, lookedTo, isTotalSure } = useFound(filter)
  const [onPhones, setOnPhones] = useState(false)
  const many = useMany(filter, { rows, total: rows.length, isTotalSure }, onPhones)
  const mayMany = may('alerts.change')
  const acknowledgeKey = {
    keys: 'a',
    label: t('acknowledge'),
    run: (row: AlertRow) => {
      if (!(mayMany && many.acknowledge()) && row.status === 'open') acknowledge.mutate(row)
    },
  }
  return (
    <Page
      title={t('title')}
      bar={<Bar />}
      actions={
        <>
          {mayMany && rows.length > 0 ? <SelectOnPhones on={onPhones} onChange={setOnPhones} /> : null}
          <Elsewhere />
        </>
      }
    >
      <Listing
        label={t('title')}
        query={query}
        columns={mayMany ? [many.column, ...columns] : columns}
        idOf={({ id }) => id}
        linkOf={({ id }) => ({ to: '/alerts/$alertId', params: { alertId: id } })}
        rowKeys={[...(may('pages.acknowledge') ? [acknowledgeKey] : []), ...(mayMany ? many.rowKeys : [])]}
        empty={
          lookedTo !== null && query.hasNextPage ? (
            <output className={styles.looking}>
              {t('looking-back', { until: dayAndTime(lookedTo, reader) })}
            </output>
          ) : (
            <Nothing filtered={filtered} />
          )
        }
      />
      {mayMany ? many.view : null}
    </Page>
  )
}

export const AlertList = () => {
  const { status, by, open: _, ...rest } = route.useSearch()
  const filter: AlertFilter = { ...rest, ...(status === 'all' ? {} : { status: status ?? 'not-closed' }) }
  const filtered = status !== undefined || Object.keys(rest).length > 0
  if (by === undefined) return <FlatList filter={filter} filtered={filtered} />
  return (
    <Page title={t('title')} bar={<Bar />} actions={<Elsewhere />}>
      <GroupedAlerts filter={filter} by={by} empty={<Nothing filtered={filtered} />} />
    </Page>
  )
}
