/** Who bore how much of a rota: a table to look at before the next one is written, and a file for whoever pays. */
import { queryOptions, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { dutyHours } from '../../../messages/en/duty-hours.ts'
import { isoDate, wholeNumber } from '../../../messages/format.ts'
import { translator } from '../../../messages/translate.ts'
import { buttonLook } from '../../../parts/Button.tsx'
import { startOfDay } from '../../../parts/days.ts'
import { ErrorNote } from '../../../parts/ErrorNote.tsx'
import { Panel } from '../../../parts/Page.tsx'
import { useReader } from '../../../parts/reader.ts'
import { SkeletonLines } from '../../../parts/Skeleton.tsx'
import { Table, type Column } from '../../../parts/Table.tsx'
import { Tabs } from '../../../parts/Tabs.tsx'
import { api, type Reply } from '../../../shell/api.ts'
import type { ScheduleRow } from '../queries.ts'
import styles from './DutyHours.module.css'

const t = translator('duty-hours', dutyHours)
const route = getRouteApi('/frame/on-call')
const PERIODS = ['month', 'last-month', 'quarter', 'year'] as const
type Period = (typeof PERIODS)[number]

type Row = Reply<'GET /api/schedules/:schedule/hours'>['rows'][number]

const hoursQuery = (schedule: string, { from, to }: { from: number; to: number }) =>
  queryOptions({
    queryKey: ['on-call', 'hours', schedule, from, to],
    queryFn: ({ signal }) => api('GET /api/schedules/:schedule/hours', { schedule, from, to }, { signal }),
  })

/** The first of the month so many months before the one of the date. */
const firstOfMonth = (date: string, before: number): string => {
  const at = new Date(`${date.slice(0, 7)}-01T00:00:00Z`)
  at.setUTCMonth(at.getUTCMonth() - before)
  return at.toISOString().slice(0, 10)
}

/** Whole months of the reader's calendar: what accounts are made of. */
const periodOf = (period: Period, today: string, zone: string): { from: number; to: number } => {
  const months = (from: number, to: number) => ({
    from: startOfDay(firstOfMonth(today, from), zone),
    to: startOfDay(firstOfMonth(today, to), zone),
  })
  switch (period) {
    case 'month':
      return months(0, -1)
    case 'last-month':
      return months(1, 0)
    case 'quarter':
      return months(3, 0)
    case 'year':
      return months(12, 0)
  }
}

const useColumns = (): readonly Column<Row>[] => {
  const reader = useReader()
  const hours = (key: string, title: string, minutes: (row: Row) => number): Column<Row> => ({
    key,
    title,
    width: '5.5rem',
    align: 'end',
    card: 'meta',
    said: true,
    cell: (row) => wholeNumber(Math.round(minutes(row) / 60), reader),
  })
  return [
    {
      key: 'person',
      title: t('person'),
      width: 'minmax(8rem, 1fr)',
      card: 'title',
      cell: ({ person }) => person.name,
    },
    hours('hours', t('hours'), (row) => row.onCallMinutes),
    hours('nights', t('nights'), (row) => row.nightMinutes),
    hours('weekends', t('weekends'), (row) => row.weekendMinutes),
    hours('holidays', t('holidays'), (row) => row.holidayMinutes),
    hours('off-hours', t('off-hours'), (row) => row.offHoursMinutes),
    {
      key: 'pages',
      title: t('pages'),
      width: '9rem',
      align: 'end',
      card: 'meta',
      said: true,
      cell: ({ pages, offHoursPages }) =>
        t('pages-off-hours', { pages: wholeNumber(pages, reader), off: wholeNumber(offHoursPages, reader) }),
    },
  ]
}

const DutyHours = ({ schedule }: { schedule: ScheduleRow }) => {
  const search = route.useSearch()
  const { zone } = useReader()
  const [today] = useState(() => isoDate(Date.now(), zone))
  const period = search.hours ?? 'month'
  const window = periodOf(period, today, zone)
  const { data, error, refetch } = useQuery(hoursQuery(schedule.slug, window))
  const columns = useColumns()
  const file = `/api/schedules/${schedule.slug}/hours.csv?from=${window.from}&to=${window.to}`
  return (
    <Panel
      title={t('title')}
      flush
      actions={
        <a className={buttonLook('plain', 'small')} href={file} download>
          {t('export')}
        </a>
      }
    >
      <div className={styles.bar}>
        <Tabs
          label={t('period')}
          tabs={PERIODS.map((name) => ({
            label: t(name),
            link: { to: '/on-call', search: { ...search, hours: name === 'month' ? undefined : name } },
            open: name === period,
          }))}
        />
      </div>
      {error ? <ErrorNote error={error} onRetry={refetch} small /> : null}
      {data && data.rows.length > 0 ? (
        <Table label={t('title')} columns={columns} rows={data.rows} idOf={({ person }) => person.id} />
      ) : data ? (
        <p className={styles.note}>{t('empty')}</p>
      ) : error ? null : (
        <div className={styles.note}>
          <SkeletonLines lines={3} />
        </div>
      )}
      <p className={styles.note}>
        {t('explained')} {data ? t('holidays-known', { count: data.holidays.length }) : ''}
      </p>
    </Panel>
  )
}
export default DutyHours
