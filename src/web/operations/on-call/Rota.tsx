/** One rota: its picture and list of shifts, and beside them everything that is known about it. */
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, type ReactNode } from 'react'
import { calendarDate, shortDate } from '../../messages/format.ts'
import { ErrorNote } from '../../parts/ErrorNote.tsx'
import { Columns, Panel } from '../../parts/Page.tsx'
import { useReader } from '../../parts/reader.ts'
import { Skeleton } from '../../parts/Skeleton.tsx'
import { useMe } from '../../shell/session.ts'
import { NotReady } from '../paging/readiness/NotReady.tsx'
import { AsKnown } from './AsKnown.tsx'
import { Away } from './away/Away.tsx'
import { Calendars } from './calendars/Calendars.tsx'
import styles from './OnCall.module.css'
import { OnCallNow } from './OnCallNow.tsx'
import { PickHours } from './picking/PickHours.tsx'
import { findingsQuery, timelineQuery, type ScheduleRow, type Timeline } from './queries.ts'
import { useWindow } from './rota-window.ts'
import { Findings, Overrides, ShiftList } from './RotaLists.tsx'
import { RotaPicture } from './RotaPicture.tsx'
import { Swaps } from './swaps/Swaps.tsx'
import { t } from './words.ts'

const HandOver = lazy(() => import('./hand-over/HandOver.tsx'))
const DutyHours = lazy(() => import('./hours/DutyHours.tsx'))
const UnprovenPeople = lazy(() =>
  import('../paging/drills/UnprovenPeople.tsx').then((file) => ({ default: file.UnprovenPeople })),
)

/** Whoever answers now, is next, or has a shift in what is shown. */
const peopleIn = (
  { onCall, next }: ScheduleRow,
  timeline: { readonly shifts: readonly { readonly person: { readonly id: string } }[] } | undefined,
): readonly string[] => [
  ...(onCall.kind === 'person' ? [onCall, ...onCall.also].map(({ person }) => person.id) : []),
  ...(next ? [next.person.id] : []),
  ...(timeline?.shifts.map(({ person }) => person.id) ?? []),
]

export type Stretch = { readonly from: number; readonly to: number }

/** Hours are chosen on the picture by whoever may put somebody on call in them. */
const Picked = ({
  onPick,
  children,
  ...shown
}: {
  monday: string
  weeks: number
  onPick: ((stretch: Stretch) => void) | undefined
  children: (chosen: readonly Stretch[]) => ReactNode
}) =>
  onPick ? (
    <PickHours {...shown} onPick={onPick}>
      {children}
    </PickHours>
  ) : (
    children([])
  )

type Shown = {
  readonly schedule: ScheduleRow
  /** Absent for who may put nobody on call. */
  readonly onCover: ((stretch: Stretch) => void) | undefined
}

/** What somebody has to know first, also on a phone; of a year's findings those that are not said in their own panel. */
const Rail = ({ schedule, timeline, onCover }: Shown & { timeline: Timeline | undefined }) => {
  const me = useMe()
  const year = useQuery(findingsQuery(schedule.slug)).data
  const people = peopleIn(schedule, timeline)
  return (
    <>
      <Panel title={t('now')}>
        <OnCallNow rows={[{ schedule, onCall: schedule.onCall, next: schedule.next }]} mine={me.account.id} />
      </Panel>
      <NotReady people={people} />
      <Suspense>
        <UnprovenPeople people={people} />
      </Suspense>
      <Findings
        findings={(year ?? schedule).findings.filter(({ code }) => code !== 'would-not-wake')}
        onCover={onCover}
      />
      <Suspense fallback={<Skeleton height="8rem" />}>
        <HandOver schedule={schedule} />
      </Suspense>
    </>
  )
}

const Picture = ({ schedule, timeline, onCover }: Shown & { timeline: Timeline | undefined }) => {
  const me = useMe()
  const reader = useReader()
  const { monday, weeks, from, to, knownOn } = useWindow()
  const label = t('rota-of', {
    schedule: schedule.name,
    from: shortDate(from, reader),
    to: shortDate(to - 1, reader),
  })
  const title =
    knownOn === undefined ? label : t('known-title', { label, date: calendarDate(knownOn, reader) })
  return (
    <Panel title={title}>
      {timeline ? (
        <Picked monday={monday} weeks={weeks} onPick={knownOn === undefined ? onCover : undefined}>
          {(chosen) => (
            <RotaPicture
              timeline={timeline}
              monday={monday}
              weeks={weeks}
              mine={me.account.id}
              label={`${title}. ${t('rota-described')}`}
              chosen={chosen}
            />
          )}
        </Picked>
      ) : (
        <Skeleton height={`${weeks * 68}px`} />
      )}
      {schedule.zone === reader.zone ? null : (
        <p className={styles.zone}>{t('other-zone', { zone: reader.zone, scheduleZone: schedule.zone })}</p>
      )}
      <AsKnown />
    </Panel>
  )
}

export const Rota = ({ schedule, schedules, onCover }: Shown & { schedules: readonly ScheduleRow[] }) => {
  const { from, to, knownAt } = useWindow()
  const { data, error, refetch } = useQuery(timelineQuery(schedule.slug, from, to, knownAt))
  return (
    <Columns railFirst rail={<Rail schedule={schedule} timeline={data} onCover={onCover} />}>
      {error ? <ErrorNote error={error} onRetry={refetch} /> : null}
      {error && knownAt !== undefined ? <AsKnown /> : null}
      {error ? null : <Picture schedule={schedule} timeline={data} onCover={onCover} />}
      {data && !error ? <ShiftList timeline={data} /> : null}
      <Swaps schedule={schedule} />
      {data && data.overrides.length > 0 ? <Overrides timeline={data} /> : null}
      <Away />
      <Suspense fallback={<Skeleton height="12rem" />}>
        <DutyHours schedule={schedule} />
      </Suspense>
      <Calendars schedules={schedules} />
    </Columns>
  )
}
