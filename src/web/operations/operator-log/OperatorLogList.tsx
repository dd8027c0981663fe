/** What was done by hand: the entries, and the recorded shells behind them. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { duration } from '../../messages/format.ts'
import { Badge, Tag } from '../../parts/Badge.tsx'
import { Button, buttonLook } from '../../parts/Button.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { FilterSelect, SearchField } from '../../parts/Filter.tsx'
import { useKeys } from '../../parts/keys.ts'
import { Listing } from '../../parts/Listing.tsx'
import { Page } from '../../parts/Page.tsx'
import type { Column } from '../../parts/Table.tsx'
import { Tabs, type Tab } from '../../parts/Tabs.tsx'
import { TimeText } from '../../parts/TimeText.tsx'
import { EnvironmentFilter } from '../../people/environments/EnvironmentFilter.tsx'
import { environmentColumn } from '../../people/environments/environment-column.ts'
import { useMay, useMe } from '../../shell/session.ts'
import { KindBadge } from './KindBadge.tsx'
import { entriesQuery, recordingsQuery, type EntryRow, type RecordingRow } from './queries.ts'
import { SharesNote } from './SharesNote.tsx'
import { t } from './words.ts'

const WriteEntry = lazy(() => import('./WriteEntry.tsx'))
const route = getRouteApi('/frame/operator-log')

const entryColumns: readonly Column<EntryRow>[] = [
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
    cell: (row) => (
      <>
        {row.what} {row.released ? <Tag>{t('released')}</Tag> : null}
      </>
    ),
  },
  environmentColumn,
  {
    key: 'kind',
    title: t('column-kind'),
    width: '11.5rem',
    card: 'meta',
    cell: (row) =>
      row.recording ? (
        <KindBadge {...row.recording} />
      ) : (
        <span className="dim">{t(`category-${row.category}`)}</span>
      ),
  },
  {
    key: 'decision',
    title: t('column-decision'),
    width: '5rem',
    card: 'meta',
    from: 1000,
    cell: (row) => row.decision?.number ?? '',
  },
  {
    key: 'author',
    title: t('column-author'),
    width: '9rem',
    card: 'meta',
    from: 1200,
    cell: (row) => row.author.name,
  },
  {
    key: 'at',
    title: t('column-at'),
    width: '6rem',
    card: 'meta',
    align: 'end',
    cell: (row) => <TimeText at={row.at} still />,
  },
]

const recordingColumns: readonly Column<RecordingRow>[] = [
  {
    key: 'who',
    title: t('column-author'),
    width: 'minmax(0, 1fr)',
    card: 'title',
    cell: (row) => (
      <>
        {row.operator.name} <span className="dim">{row.host}</span>
      </>
    ),
  },
  environmentColumn,
  {
    key: 'kind',
    title: t('column-kind'),
    width: '12.5rem',
    card: 'meta',
    cell: (row) => <KindBadge {...row} />,
  },
  {
    key: 'decision',
    title: t('column-decision'),
    width: '5rem',
    card: 'meta',
    from: 1000,
    cell: (row) => row.decision?.number ?? '',
  },
  {
    key: 'length',
    title: t('column-length'),
    width: '7rem',
    card: 'meta',
    align: 'end',
    cell: (row) =>
      row.state === 'closed' ? (
        duration(row.durationMs)
      ) : (
        <Badge tone={row.state === 'open' ? 'blue' : 'neutral'}>{t(row.state)}</Badge>
      ),
  },
  {
    key: 'commands',
    title: t('column-commands'),
    width: '5.5rem',
    card: 'none',
    align: 'end',
    from: 1200,
    cell: (row) => <span className="number dim">{row.commandCount}</span>,
  },
  {
    key: 'at',
    title: t('column-at'),
    width: '6rem',
    card: 'meta',
    align: 'end',
    cell: (row) => <TimeText at={row.startedAt} still />,
  },
]

const Nothing = ({ filtered }: { filtered: boolean }) => {
  const { account } = useMe()
  if (filtered)
    return (
      <EmptyState
        icon="shell"
        title={t('empty-filtered')}
        action={
          <Link to="/operator-log" className={buttonLook('plain')}>
            {t('clear-filters')}
          </Link>
        }
      />
    )
  return account.kind === 'contact' ? (
    <EmptyState icon="shell" title={t('empty-contact')} />
  ) : (
    <EmptyState
      icon="shell"
      title={t('empty-title')}
      command="fortnight record --look --environment acme-prod"
    >
      {t('empty-text')}
    </EmptyState>
  )
}

const categories = ['change', 'incident', 'maintenance', 'look'] as const
const kinds = ['look', 'decided', 'break-glass', 'without-decision'] as const

const Bar = () => {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const may = useMay()
  const view = search.view ?? 'log'
  const link = (change: Partial<typeof search>): Tab['link'] => ({
    to: '/operator-log',
    search: { ...search, ...change },
  })
  const narrow = (change: Partial<typeof search>): void =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true })
  return (
    <>
      {may('recordings.read') ? (
        <Tabs
          tabs={[
            { label: t('view-log'), link: link({ view: undefined, kind: undefined }), open: view === 'log' },
            {
              label: t('view-sessions'),
              link: link({ view: 'sessions', category: undefined, search: undefined }),
              open: view === 'sessions',
            },
          ]}
        />
      ) : null}
      <EnvironmentFilter value={search.environment} onChange={(environment) => narrow({ environment })} />
      {view === 'log' ? (
        <>
          <FilterSelect
            label={t('write-category')}
            any={t('any')}
            value={search.category}
            choices={categories.map((value) => ({ value, label: t(`category-${value}`) }))}
            onChange={(category) => narrow({ category: categories.find((one) => one === category) })}
          />
          <SearchField
            label={t('search')}
            value={search.search}
            onChange={(words) => narrow({ search: words })}
          />
        </>
      ) : (
        <FilterSelect
          label={t('column-kind')}
          any={t('any')}
          value={search.kind}
          choices={kinds.map((value) => ({ value, label: t(`kind-${value}`) }))}
          onChange={(kind) => narrow({ kind: kinds.find((one) => one === kind) })}
        />
      )}
    </>
  )
}

const Entries = () => {
  const { environment, category, search } = route.useSearch()
  const query = useInfiniteQuery(
    entriesQuery({
      ...(environment ? { environment } : {}),
      ...(category ? { category } : {}),
      ...(search ? { search } : {}),
    }),
  )
  return (
    <Listing
      label={t('title')}
      query={query}
      columns={entryColumns}
      idOf={({ id }) => id}
      linkOf={({ id }) => ({ to: '/operator-log/$entryId', params: { entryId: id } })}
      empty={<Nothing filtered={Boolean(environment ?? category ?? search)} />}
    />
  )
}

const Sessions = () => {
  const { environment, kind } = route.useSearch()
  const query = useInfiniteQuery(
    recordingsQuery({
      ...(environment ? { environment } : {}),
      ...(kind === 'without-decision' ? { withoutDecision: 'true' as const } : kind ? { kind } : {}),
    }),
  )
  const shares = query.data?.pages[0]?.shares
  return (
    <>
      {shares ? <SharesNote shares={shares} /> : null}
      <Listing
        label={t('view-sessions')}
        query={query}
        columns={recordingColumns}
        idOf={({ id }) => id}
        linkOf={(row) =>
          row.entry
            ? { to: '/operator-log/$entryId', params: { entryId: row.entry.id } }
            : { to: '/operator-log/recordings/$recordingId', params: { recordingId: row.id } }
        }
        empty={<Nothing filtered={Boolean(environment ?? kind)} />}
      />
    </>
  )
}

export const OperatorLogList = () => {
  const { view, environment } = route.useSearch()
  const may = useMay()
  const [writing, setWriting] = useState(false)
  const mayWrite = may('operator-log.change')
  useKeys(mayWrite ? [{ keys: 'n', label: t('write'), run: () => setWriting(true) }] : [])
  return (
    <Page
      title={t('title')}
      bar={<Bar />}
      actions={
        mayWrite ? (
          <Button icon="plus" keys="n" onClick={() => setWriting(true)}>
            {t('write')}
          </Button>
        ) : null
      }
    >
      {view === 'sessions' && may('recordings.read') ? <Sessions /> : <Entries />}
      <Suspense>
        {writing ? <WriteEntry environment={environment} onClose={() => setWriting(false)} /> : null}
      </Suspense>
    </Page>
  )
}
