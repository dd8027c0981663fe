/** Choosing hours on the rota to take over: by dragging across the picture, or with the arrow keys in the line under it. */
// A range of the browser's own has one end, and these hours have two; the role tells the same to who listens.
/* oxlint-disable jsx-a11y/prefer-tag-over-role */
import { useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react'
import { dayAndTime } from '../../../messages/format.ts'
import { Button } from '../../../parts/Button.tsx'
import { useReader } from '../../../parts/reader.ts'
import { weeksFrom, type Week } from '../week-spans.ts'
import { t } from '../words.ts'
import { between, hourAt, HOUR_MS, stepped, type Stretch } from './hours-chosen.ts'
import styles from './PickHours.module.css'

/** Where the rows of the picture are: each says the beginning of its week. */
const hourUnder = (box: HTMLElement, weeks: readonly Week[], x: number, y: number): number | undefined => {
  const rows = [...box.querySelectorAll<SVGElement>('svg[data-week]')]
  const row =
    rows.find((each) => y <= each.getBoundingClientRect().bottom) ?? (rows.at(-1) as SVGElement | undefined)
  const week = weeks.find(({ from }) => String(from) === row?.dataset['week'])
  if (!row || !week) return undefined
  const { left, width } = row.getBoundingClientRect()
  return hourAt(week, (x - left) / width)
}

type Held = { readonly hour: number; readonly x: number; readonly y: number }
/** A press that hardly moves is no choice: people click to look. */
const SLACK_PX = 6

export const PickHours = ({
  monday,
  weeks: count,
  onPick,
  children,
}: {
  monday: string
  weeks: number
  onPick: (hours: Stretch) => void
  /** @param chosen to be marked in the picture; empty while nothing is */
  children: (chosen: readonly Stretch[]) => ReactNode
}) => {
  const reader = useReader()
  const weeks = weeksFrom(monday, count, reader.zone)
  const shown = { from: weeks[0]?.from ?? 0, to: weeks.at(-1)?.to ?? 0 }
  const box = useRef<HTMLDivElement>(null)
  const held = useRef<Held>(undefined)
  const [chosen, setChosen] = useState<Stretch>()
  const first = (): Stretch => {
    const now = Math.ceil(Date.now() / HOUR_MS) * HOUR_MS
    const from = now >= shown.from && now < shown.to ? now : shown.from
    return { from, to: Math.min(from + 24 * HOUR_MS, shown.to) }
  }
  const hourOf = ({ clientX, clientY }: PointerEvent): number | undefined =>
    box.current ? hourUnder(box.current, weeks, clientX, clientY) : undefined
  const press = (event: PointerEvent): void => {
    // A finger scrolls; it has the form.
    if (event.button !== 0 || event.pointerType === 'touch') return
    const hour = hourOf(event)
    if (hour !== undefined) held.current = { hour, x: event.clientX, y: event.clientY }
  }
  const drag = (event: PointerEvent): void => {
    const start = held.current
    if (!start) return
    const hasMoved = Math.hypot(event.clientX - start.x, event.clientY - start.y) > SLACK_PX
    if (!hasMoved && !chosen) return
    box.current?.setPointerCapture(event.pointerId)
    const hour = hourOf(event)
    if (hour !== undefined) setChosen(between(start.hour, hour))
  }
  const release = (): void => {
    const wasHeld = held.current !== undefined
    held.current = undefined
    if (!wasHeld || !chosen) return
    onPick(chosen)
    setChosen(undefined)
  }
  const cancel = (): void => {
    held.current = undefined
    setChosen(undefined)
  }
  const key = (event: KeyboardEvent): void => {
    const next = stepped(chosen ?? first(), event, shown)
    if (event.key === 'Escape') cancel()
    if (event.key === 'Enter' && chosen) onPick(chosen)
    if (next === undefined) return
    event.preventDefault()
    setChosen(next)
  }
  const words = (hours: Stretch): string =>
    t('hours-chosen', { from: dayAndTime(hours.from, reader), to: dayAndTime(hours.to, reader) })
  return (
    <>
      <div
        ref={box}
        className={styles.picture}
        onPointerDown={press}
        onPointerMove={drag}
        onPointerUp={release}
        onPointerCancel={cancel}
      >
        {children(chosen ? [chosen] : [])}
      </div>
      <div className={styles.line}>
        <div
          role="slider"
          tabIndex={0}
          className={styles.hours}
          aria-label={t('hours-choose')}
          aria-valuemin={0}
          aria-valuemax={Math.round((shown.to - shown.from) / HOUR_MS)}
          aria-valuenow={Math.round(((chosen?.from ?? shown.from) - shown.from) / HOUR_MS)}
          aria-valuetext={chosen ? words(chosen) : t('hours-none')}
          onKeyDown={key}
        >
          {chosen ? words(chosen) : t('hours-how')}
        </div>
        {chosen ? (
          <Button size="small" onClick={() => onPick(chosen)}>
            {t('hours-take')}
          </Button>
        ) : null}
      </div>
    </>
  )
}
