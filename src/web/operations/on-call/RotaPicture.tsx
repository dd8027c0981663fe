/** The rota as people would draw it: a row a week, who is on call in each stretch, now, and in red where nobody is. */
import { useId, useMemo } from 'react'
import { clockTime, shortDate, weekday } from '../../messages/format.ts'
import { classes } from '../../parts/classes.ts'
import { useDrawnWidth } from '../../parts/drawn-width.ts'
import { useNow, useReader } from '../../parts/reader.ts'
import type { Timeline } from './queries.ts'
import { textScale } from '../../parts/text-scale.ts'
import styles from './RotaPicture.module.css'
import { lanesOf } from './lanes.ts'
import { placeIn, spansIn, weeksFrom, type Span, type Week } from './week-spans.ts'
import { t } from './duty-words.ts'

type Shift = Timeline['shifts'][number]
type Gap = Timeline['gaps'][number]
type Stretch = { readonly from: number; readonly to: number }

const HEAD_PX = 18 * textScale
const BAR_PX = 34 * textScale
const LANE_PX = BAR_PX + 3
/** With so many people on call at a time. */
const rowPx = (lanes: number): number => HEAD_PX + BAR_PX + (lanes - 1) * LANE_PX + 14
/** About what a letter of a name takes. */
const LETTER_PX = 7.2 * textScale

const initials = (name: string): string => {
  const words = name.split(/\s+/)
  return words.length === 1
    ? name.slice(0, 2)
    : words
        .map((word) => word[0]?.toUpperCase() ?? '')
        .join('')
        .slice(0, 2)
}

/** As much of a text as there is room for; initials when there is little. */
const fit = (name: string, room: number): string => {
  if (room > name.length * LETTER_PX) return name
  const first = name.split(/\s+/)[0] ?? name
  if (room > first.length * LETTER_PX) return first
  if (room > 16 * textScale) return initials(name)
  return room > 9 * textScale ? name.slice(0, 1) : ''
}

const NO_MARKS: readonly Stretch[] = []

const fitWhole = (words: string, room: number): string =>
  room > words.length * LETTER_PX ? words : room > 0 ? '–' : ''

type Look = 'past' | 'now' | 'future' | 'gap' | 'purpose'

const Bar = ({
  span,
  look,
  width,
  label,
  note,
  override,
  hatch,
  lane = 0,
}: {
  lane?: number
  span: Span<unknown>
  look: Look
  width: number
  label: string
  note: string
  override: boolean
  hatch: string
}) => {
  const x = span.left * width + (span.begins ? 1.5 : 0)
  const wide = Math.max(2, span.width * width - (span.begins ? 1.5 : 0) - (span.ends ? 1.5 : 0))
  const pad = wide > 44 * textScale ? 8 : 3
  const y = HEAD_PX + lane * LANE_PX
  const room = wide - 2 * pad
  // Of a name the initials say enough; "No" of "Nobody" would say something else.
  const words = look === 'gap' || look === 'purpose' ? fitWhole(label, room) : fit(label, room)
  const left = room - words.length * LETTER_PX
  return (
    <g className={classes(styles.bar, styles[look])}>
      <title>{`${label} ${note}`}</title>
      <rect x={x} y={y} width={wide} height={BAR_PX} rx={5} />
      {override ? (
        <rect
          className={styles.hatch}
          x={x}
          y={y}
          width={wide}
          height={BAR_PX}
          rx={5}
          fill={`url(#${hatch})`}
        />
      ) : null}
      <text x={x + pad} y={y + BAR_PX / 2 + 4.5 * textScale}>
        {words}
        {left > note.length * 6.4 * textScale + 12 ? (
          <tspan className={styles.note} dx="8">
            {note}
          </tspan>
        ) : null}
      </text>
    </g>
  )
}

const Days = ({
  week,
  width,
  height,
  today,
}: {
  week: Week
  width: number
  height: number
  today: number
}) => {
  const reader = useReader()
  const day = width / 7
  return week.days.map(({ date, from, to, weekend }, index) => {
    const isToday = from <= today && today < to
    const noon = (from + to) / 2
    return (
      <g key={date}>
        {weekend ? (
          <rect className={styles.weekend} x={index * day} y={0} width={day} height={height - 6} />
        ) : null}
        <line className={styles.grid} x1={index * day} x2={index * day} y1={0} y2={height - 6} />
        <text className={classes(styles.day, isToday && styles.today)} x={index * day + 6} y={12 * textScale}>
          {day > 84 * textScale
            ? `${weekday(noon, reader)} ${shortDate(noon, reader)}`
            : day > 52 * textScale
              ? `${weekday(noon, reader)} ${Number(date.slice(8))}`
              : Number(date.slice(8))}
        </text>
      </g>
    )
  })
}

const WeekRow = ({
  week,
  width,
  measured,
  shifts,
  lanes,
  gaps,
  marks,
  chosen,
  mine,
  hatch,
}: {
  week: Week
  width: number
  /** A guessed width is stretched to what there is. */
  measured: boolean
  shifts: readonly Shift[]
  lanes: ReadonlyMap<Shift, number>
  gaps: readonly Gap[]
  marks: readonly Stretch[]
  chosen: readonly Stretch[]
  mine: string
  hatch: string
}) => {
  const now = useNow()
  const reader = useReader()
  const spans = spansIn(week, shifts)
  const laneOf = ({ of }: Span<Shift>): number => lanes.get(of) ?? 0
  const height = rowPx(Math.max(0, ...spans.map(laneOf)) + 1)
  const until = (to: number): string =>
    t('until', { when: `${weekday(to, reader)} ${clockTime(to, reader)}` })
  return (
    <svg
      {...(measured
        ? { width }
        : { width: '100%', viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none' })}
      height={height}
      className={styles.week}
      data-week={week.from}
      aria-hidden="true"
    >
      <Days week={week} width={width} height={height} today={now} />
      {spans.map((span) => (
        <Bar
          key={`${span.of.from} ${span.of.person.id} ${laneOf(span)}`}
          lane={laneOf(span)}
          span={span}
          look={span.of.to <= now ? 'past' : span.of.from <= now ? 'now' : 'future'}
          width={width}
          label={span.of.person.id === mine ? `${span.of.person.name} (${t('you')})` : span.of.person.name}
          note={
            span.of.forwardedFrom
              ? t('answers-for', { name: span.of.forwardedFrom.name })
              : span.of.source.kind === 'override'
                ? t('by-override')
                : until(span.of.to)
          }
          override={span.of.source.kind === 'override'}
          hatch={hatch}
        />
      ))}
      {spansIn(week, gaps).map((span) => (
        <Bar
          key={`gap ${span.of.from}`}
          span={span}
          look={span.of.onPurpose ? 'purpose' : 'gap'}
          width={width}
          label={t('nobody')}
          note={span.of.onPurpose ? t('on-purpose') : ''}
          override={false}
          hatch={hatch}
        />
      ))}
      {spansIn(week, marks).map((span) => (
        <rect
          key={`mark ${span.of.from}`}
          className={styles.mark}
          x={span.left * width + 1.5}
          y={height - 11}
          width={Math.max(2, span.width * width - 3)}
          height={3}
          rx={1.5}
        />
      ))}
      {spansIn(week, chosen).map((span) => (
        <rect
          key={`chosen ${span.of.from}`}
          className={styles.chosen}
          x={span.left * width}
          y={HEAD_PX - 3}
          width={Math.max(2, span.width * width)}
          height={height - HEAD_PX - 5}
          rx={5}
        />
      ))}
      {week.from <= now && now < week.to ? (
        <g className={styles.needle} transform={`translate(${placeIn(week, now) * width} 0)`}>
          <line y1={HEAD_PX - 4} y2={height - 10} />
          <circle cy={HEAD_PX - 4} r={3} />
        </g>
      ) : null}
    </svg>
  )
}

/** @param monday first day of the first week, in the reader's zone */
export const RotaPicture = ({
  timeline,
  monday,
  weeks,
  mine,
  label,
  marks = NO_MARKS,
  chosen = NO_MARKS,
}: {
  timeline: Pick<Timeline, 'shifts' | 'gaps'>
  monday: string
  weeks: number
  mine: string
  label: string
  /** Stretches to underline: what would change. */
  marks?: readonly Stretch[]
  /** Stretches to frame: what somebody is choosing. */
  chosen?: readonly Stretch[]
}) => {
  const { zone } = useReader()
  // Drawn to the pixel, so that words keep their size on every screen.
  const { box, width, measured } = useDrawnWidth()
  const hatch = useId()
  const lanes = useMemo(() => lanesOf(timeline.shifts), [timeline.shifts])
  return (
    <figure
      ref={box}
      className={styles.picture}
      aria-label={label}
      style={{ minHeight: weeks * (rowPx(1) + 4) }}
    >
      <svg width="0" height="0" aria-hidden="true" className={styles.patterns}>
        <pattern id={hatch} width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="2" height="7" />
        </pattern>
      </svg>
      {width > 0
        ? weeksFrom(monday, weeks, zone).map((week) => (
            <WeekRow
              key={week.from}
              week={week}
              width={width}
              measured={measured}
              shifts={timeline.shifts}
              lanes={lanes}
              gaps={timeline.gaps}
              marks={marks}
              chosen={chosen}
              mine={mine}
              hatch={hatch}
            />
          ))
        : null}
    </figure>
  )
}
