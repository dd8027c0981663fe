/** The entries of one log, newest first. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { SearchField } from '../../parts/Filter.tsx'
import { Listing } from '../../parts/Listing.tsx'
import { Page } from '../../parts/Page.tsx'
import type { Column } from '../../parts/Table.tsx'
import { TimeText } from '../../parts/TimeText.tsx'
import { entriesQuery, ledgerQuery, type EntryRow } from '../queries.ts'
import { t } from '../words.ts'
import { logName } from './log-columns.tsx'

const route = getRouteApi('/frame/evidence/logs/$log')

/** `log.checkpointed` as people say it. */
const sentenceOf = (type: string): string => type.replaceAll(/[.-]/g, ' ')

const columns: readonly Column<EntryRow>[] = [
  {
    key: 'number',
    title: t('column-number'),
    width: '4.5rem',
    card: 'lead',
    cell: (row) => <span className="number dim">{row.number}</span>,
  },
  {
    key: 'what',
    title: t('column-what'),
    width: 'minmax(0, 1fr)',
    card: 'title',
    cell: (row) =>
      row.headline ??
      (row.erasedFields.length > 0 ? <span className="dim">{t('erased')}</span> : sentenceOf(row.type)),
  },
  {
    key: 'type',
    title: t('column-type'),
    width: '14rem',
    card: 'meta',
    cell: (row) => <span className="mono">{row.type}</span>,
  },
  {
    key: 'who',
    title: t('column-who'),
    width: '11rem',
    card: 'meta',
    from: 1000,
    cell: (row) => row.actor.person?.name ?? row.actor.kind,
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

export const LogView = () => {
  const { log } = route.useParams()
  const { type } = route.useSearch()
  const navigate = route.useNavigate()
  const query = useInfiniteQuery(entriesQuery(log, type))
  const known = useQuery(ledgerQuery).data?.logs.find(({ id }) => id === log)
  return (
    <Page
      title={known ? logName(known) : t('log')}
      crumbs={[{ label: t('title'), link: { to: '/evidence' } }]}
      bar={
        <SearchField
          label={t('filter-type')}
          value={type}
          onChange={(words) =>
            void navigate({ search: { type: words?.toLowerCase().replaceAll(' ', '-') }, replace: true })
          }
        />
      }
    >
      <Listing
        label={t('entries')}
        query={query}
        columns={columns}
        idOf={({ id }) => id}
        linkOf={({ id }) => ({ to: '/evidence/entries/$entryId', params: { entryId: id } })}
        empty={<EmptyState icon="evidence" title={type ? t('no-entries-filtered') : t('no-entries')} />}
      />
    </Page>
  )
}
