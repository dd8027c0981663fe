/** A short list whose order matters: dragged with a pointer, or moved by buttons, which keep the focus on what was moved. */
import { useEffect, useRef, useState, type DragEvent, type KeyboardEvent, type ReactNode } from 'react'
import { IconButton } from './Button.tsx'
import { moved } from './moved.ts'
import { t } from './form-words.ts'
import styles from './Ordered.module.css'

type Keyed = { readonly key: number }
type Direction = 'up' | 'down'

const RowButtons = ({
  name,
  place,
  count,
  onMove,
  onRemove,
}: {
  name: string
  place: number
  count: number
  onMove: (direction: Direction) => void
  onRemove: () => void
}) => {
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return
    event.preventDefault()
    onMove(event.key === 'ArrowUp' ? 'up' : 'down')
  }
  return (
    <span className={styles.buttons}>
      <IconButton
        onKeyDown={onKeyDown}
        icon="up"
        label={t('move-up', { name })}
        data-move="up"
        disabled={place === 0}
        onClick={() => onMove('up')}
      />
      <IconButton
        onKeyDown={onKeyDown}
        icon="down"
        label={t('move-down', { name })}
        data-move="down"
        disabled={place === count - 1}
        onClick={() => onMove('down')}
      />
      <IconButton onKeyDown={onKeyDown} icon="close" label={t('take-out', { name })} onClick={onRemove} />
    </span>
  )
}

/** Which row is being dragged and where it would land. */
const useDrag = (drop: (from: number, to: number) => void) => {
  const [drag, setDrag] = useState<{ from: number; over: number }>()
  return {
    drag,
    rowProps: (place: number) => ({
      draggable: true,
      onDragStart: (event: DragEvent) => {
        event.dataTransfer.effectAllowed = 'move'
        event.dataTransfer.setData('text/plain', String(place))
        setDrag({ from: place, over: place })
      },
      onDragOver: (event: DragEvent) => {
        if (!drag) return
        event.preventDefault()
        if (drag.over !== place) setDrag({ ...drag, over: place })
      },
      onDrop: (event: DragEvent) => {
        event.preventDefault()
        if (drag) drop(drag.from, place)
        setDrag(undefined)
      },
      onDragEnd: () => setDrag(undefined),
    }),
  }
}

/** A button at the end of its way is disabled and would drop the focus: its twin takes it. */
const useFocusAfterMove = () => {
  const list = useRef<HTMLOListElement>(null)
  const after = useRef<{ place: number; direction: Direction }>(undefined)
  useEffect(() => {
    const wanted = after.current
    after.current = undefined
    if (!wanted) return
    const row = list.current?.children[wanted.place]
    const other = wanted.direction === 'up' ? 'down' : 'up'
    const button =
      row?.querySelector<HTMLElement>(`[data-move="${wanted.direction}"]:not(:disabled)`) ??
      row?.querySelector<HTMLElement>(`[data-move="${other}"]`)
    button?.focus()
  })
  const follow = (place: number, direction: Direction): void => {
    after.current = { place, direction }
  }
  return { list, follow }
}

export const Ordered = <T extends Keyed>({
  label,
  rows,
  nameOf,
  onChange,
  numbered = false,
  draggable = true,
  wordy = false,
  children,
}: {
  label: string
  rows: readonly T[]
  nameOf: (row: T, place: number) => string
  onChange: (rows: readonly T[]) => void
  numbered?: boolean
  /** Not where rows hold fields: dragging would take the pointer from their text. */
  draggable?: boolean
  /** Rows are sentences with a button of their own under them: on a phone the words have the whole width. */
  wordy?: boolean
  children: (row: T, place: number) => ReactNode
}) => {
  const [news, setNews] = useState('')
  const { list, follow } = useFocusAfterMove()
  const put = (from: number, to: number): void => {
    const row = rows[from]
    if (!row || to < 0 || to >= rows.length) return
    onChange(moved(rows, from, to))
    setNews(t('moved', { name: nameOf(row, from), place: to + 1, count: rows.length }))
  }
  const step = (place: number, direction: Direction): void => {
    const to = place + (direction === 'up' ? -1 : 1)
    follow(to, direction)
    put(place, to)
  }
  const { drag, rowProps } = useDrag(put)
  return (
    <>
      <ol
        ref={list}
        className={styles.list}
        aria-label={label}
        data-tall={draggable ? undefined : true}
        data-wordy={wordy || undefined}
      >
        {rows.map((row, place) => (
          <li
            key={row.key}
            {...(draggable ? rowProps(place) : {})}
            data-over={(drag && drag.over === place && drag.from !== place) || undefined}
            data-dragged={drag?.from === place || undefined}
          >
            {numbered ? <span className={styles.number}>{place + 1}</span> : null}
            <div className={styles.content}>{children(row, place)}</div>
            <RowButtons
              name={nameOf(row, place)}
              place={place}
              count={rows.length}
              onMove={(direction) => step(place, direction)}
              onRemove={() => onChange(rows.toSpliced(place, 1))}
            />
          </li>
        ))}
      </ol>
      <p className="visually-hidden" aria-live="polite">
        {news}
      </p>
    </>
  )
}
