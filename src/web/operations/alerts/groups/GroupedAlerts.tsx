/** The list put together: a row for each group, the alerts of the open one beneath it, and one act for all of it. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useEffect, useMemo } from 'react'
import { wholeNumber } from '../../../messages/format.ts'
import { Priority } from '../../../parts/Badge.tsx'
import { ErrorNote } from '../../../parts/ErrorNote.tsx'
import { Icon } from '../../../parts/Icon.tsx'
import { useReader } from '../../../parts/reader.ts'
import { Table, type Column, type RowKey } from '../../../parts/Table.tsx'
import { TimeText } from '../../../parts/TimeText.tsx'
import { useMay } from '../../../shell/session.ts'
import { useAcknowledgeAlert } from '../acknowledge-alert.ts'
import { AlertStatus } from '../AlertStatus.tsx'
import { AlertTitle } from '../AlertTitle.tsx'
import type { AlertFilter, AlertRow } from '../queries.ts'
import { t } from '../words.ts'
import styles from './Groups.module.css'
import { FIRST_OF_GROUP, groupsQuery, inGroupQuery, mergeGroups, type Group } from './queries.ts'
import { useActOnGroup } from './use-act-on-group.tsx'

const route = getRouteApi('/frame/alerts')

type Line =
  | { readonly kind: 'group'; readonly group: Group; readonly open: boolean }
  | { readonly kind: 'alert'; readonly alert: AlertRow }
  | { readonly kind: 'more'; readonly group: Group }

export const groupName = ({ values }: Pick<Group, 'values'>, by: readonly string[]): string =>
  values.map((value, at) => value ?? t('group-without', { name: by[at] ?? '' })).join(' · ')

const Counts = ({ group }: { group: Group }) => {
  const open = group.count - group.acknowledged
  return (
    <span className="dim">
      {open > 0 ? t('group-open', { count: open }) : t('group-taken', { count: group.acknowledged })}
      {open > 0 && group.acknowledged > 0 ? `, ${t('group-taken', { count: group.acknowledged })}` : null}
    </span>
  )
}

const GroupTitle = ({ group, open, by }: { group: Group; open: boolean; by: readonly string[] }) => (
  <span className={styles.group} data-group-open={open}>
    <Icon name={open ? 'down' : 'right'} size={12} />
    <span>{groupName(group, by)}</span>
    <span className="visually-hidden">{t(open ? 'group-is-open' : 'group-is-shut')}</span>
  </span>
)

const titleOf = (line: Line, by: readonly string[]) => {
  switch (line.kind) {
    case 'group':
      return <GroupTitle group={line.group} open={line.open} by={by} />
    case 'alert':
      return (
        <span className={styles.member}>
          <AlertTitle {...line.alert} />
        </span>
      )
    case 'more':
      return <span className={styles.member}>{t('group-all', { count: line.group.count })}</span>
  }
}

const columnsFor = (by: readonly string[]): readonly Column<Line>[] => [
  {
    key: 'priority',
    title: t('column-priority'),
    width: '3.75rem',
    card: 'lead',
    cell: (line) =>
      line.kind === 'more' ? null : (
        <Priority level={line.kind === 'group' ? line.group.priority : line.alert.priority} />
      ),
  },
  {
    key: 'alert',
    title: t('column-group'),
    width: 'minmax(0, 1fr)',
    card: 'title',
    cell: (line) => titleOf(line, by),
  },
  {
    key: 'environment',
    title: t('column-environment'),
    width: '10rem',
    card: 'meta',
    from: 1000,
    cell: (line) => (line.kind === 'alert' ? line.alert.environment.slug : null),
  },
  {
    key: 'status',
    title: t('column-status'),
    width: '11rem',
    card: 'meta',
    cell: (line) =>
      line.kind === 'group' ? (
        <Counts group={line.group} />
      ) : line.kind === 'alert' ? (
        <AlertStatus {...line.alert} />
      ) : null,
  },
  {
    key: 'newest',
    title: t('column-newest'),
    width: '6rem',
    card: 'meta',
    align: 'end',
    cell: (line) =>
      line.kind === 'more' ? null : (
        <TimeText at={line.kind === 'group' ? line.group.newestAt : line.alert.startsAt} still />
      ),
  },
]

/** All parts, one after the other: sums are right only when everything was looked at. */
const MOST_PARTS = 25
const useGroups = (filter: AlertFilter, by: string) => {
  const query = useInfiniteQuery(groupsQuery(filter, by))
  const { data, hasNextPage, isFetching, isError, fetchNextPage } = query
  const parts = data?.pages.length ?? 0
  useEffect(() => {
    if (hasNextPage && !isFetching && !isError && parts < MOST_PARTS) void fetchNextPage()
  }, [hasNextPage, isFetching, isError, parts, fetchNextPage])
  const groups = useMemo(() => (data ? mergeGroups(data.pages) : undefined), [data])
  const looked = data?.pages.reduce((sum, part) => sum + part.looked, 0) ?? 0
  const left = data?.pages.reduce((sum, part) => sum + part.left, 0) ?? 0
  return { query, groups, looked, left, names: data?.pages[0]?.by ?? [], goesOn: hasNextPage }
}

/** What is not everything says so. */
const Note = ({ looked, left, goesOn }: { looked: number; left: number; goesOn: boolean }) => {
  const reader = useReader()
  if (!goesOn && left === 0) return null
  return (
    <output className={styles.note}>
      {goesOn
        ? t('groups-looked', { looked: wholeNumber(looked, reader) })
        : t('groups-left', { count: left })}
    </output>
  )
}

export const GroupedAlerts = ({
  filter,
  by,
  empty,
}: {
  filter: AlertFilter
  by: string
  empty: React.ReactNode
}) => {
  const { open } = route.useSearch()
  const navigate = route.useNavigate()
  const may = useMay()
  const acknowledge = useAcknowledgeAlert()
  const { query, groups, looked, left, names, goesOn } = useGroups(filter, by)
  const opened = groups?.find((group) => group.query !== null && group.query === open)
  const members = useQuery({ ...inGroupQuery(filter, opened?.query ?? ''), enabled: opened !== undefined })
  const lines = useMemo(
    () =>
      groups?.flatMap((group): Line[] => {
        const isOpen = group === opened
        const first: Line = { kind: 'group', group, open: isOpen }
        if (!isOpen) return [first]
        const inside = (members.data?.rows ?? []).map((alert): Line => ({ kind: 'alert', alert }))
        return [first, ...inside, ...(group.count > FIRST_OF_GROUP ? [{ kind: 'more', group } as const] : [])]
      }),
    [groups, opened, members.data],
  )
  const columns = useMemo(() => columnsFor(names), [names])
  const shut = (): void =>
    void navigate({ search: (before) => ({ ...before, open: undefined }), replace: true })
  const mayMany = may('alerts.change')
  const many = useActOnGroup(filter, mayMany ? opened : undefined, (group) => groupName(group, names), shut)
  const acknowledgeKey: RowKey<Line> = {
    keys: 'a',
    label: t('acknowledge'),
    run: (line) => {
      if (line.kind === 'alert') {
        if (line.alert.status === 'open') acknowledge.mutate(line.alert)
      } else if (mayMany) many.acknowledge(line.group)
    },
  }
  const linkOf = (line: Line) => {
    if (line.kind === 'alert') return { to: '/alerts/$alertId', params: { alertId: line.alert.id } } as const
    const narrowed = line.group.query ?? undefined
    return line.kind === 'more'
      ? ({
          to: '/alerts',
          search: (before: object) => ({ ...before, by: undefined, open: undefined, query: narrowed }),
        } as const)
      : ({
          to: '/alerts',
          search: (before: object) => ({ ...before, open: line.open ? undefined : narrowed }),
          replace: true,
        } as const)
  }
  if (query.error && !groups) return <ErrorNote error={query.error} onRetry={query.refetch} />
  if (groups?.length === 0 && !goesOn) return empty
  return (
    <>
      {query.error ? <ErrorNote error={query.error} onRetry={query.refetch} /> : null}
      <Note looked={looked} left={left} goesOn={goesOn} />
      <Table
        label={t('title')}
        columns={columns}
        rows={lines}
        idOf={(line) =>
          line.kind === 'alert' ? line.alert.id : `${line.kind} ${JSON.stringify(line.group.values)}`
        }
        linkOf={linkOf as never}
        rowKeys={[...(may('pages.acknowledge') ? [acknowledgeKey] : []), ...(mayMany ? many.rowKeys : [])]}
      />
      {mayMany ? many.view : null}
    </>
  )
}
