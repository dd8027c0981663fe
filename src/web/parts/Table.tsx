/** Dense lists: drawn only where they are looked at, walked with j and k, cards on a phone. */
// Rows are placed one by one, which the elements of a real table do not allow; roles tell the same to who listens.
/* oxlint-disable jsx-a11y/prefer-tag-over-role */
import { Link, type LinkProps } from '@tanstack/react-router'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import {
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  type CSSProperties,
  type ReactNode,
} from 'react'
import { Button } from './Button.tsx'
import { classes } from './classes.ts'
import { useKeys, type KeyBinding } from './keys.ts'
import { Skeleton } from './Skeleton.tsx'
import { textScale } from './text-scale.ts'
import { t } from './words.ts'
import styles from './Table.module.css'

export type Column<T> = {
  readonly key: string
  readonly title: string
  /** Said, not shown: where boxes are ticked. */
  readonly titleHidden?: true
  /** A grid track: `7rem`, `minmax(0, 1fr)`. */
  readonly width: string
  readonly cell: (row: T) => ReactNode
  /** Its place on a phone's card; the `title` cell carries the row's link everywhere. */
  readonly card: 'lead' | 'title' | 'meta' | 'none'
  readonly align?: 'end'
  /** On a card its title is said before it: a bare number means nothing there. */
  readonly said?: true
  /** Left out below this width of the window, in px. */
  readonly from?: 1000 | 1200
}

export type RowKey<T> = {
  readonly keys: string
  readonly label: string
  readonly run: (row: T, event: KeyboardEvent) => void
}

export type TableProps<T> = {
  readonly label: string
  readonly columns: readonly Column<T>[]
  readonly rows: readonly T[] | undefined
  readonly idOf: (row: T) => string
  readonly linkOf?: (row: T) => LinkProps
  /** For records whose page the server draws itself. */
  readonly hrefOf?: (row: T) => string
  readonly rowKeys?: readonly RowKey<T>[]
  readonly more?: { readonly load: () => void; readonly loading: boolean } | undefined
}

const ROW_PX = 38 * textScale
const CARD_PX = 68 * textScale
const CARDS_BELOW_PX = 760 * textScale
const SKELETON_ROWS = 8

const trackList = <T,>(columns: readonly Column<T>[], width: number): string =>
  columns
    .filter((column) => (column.from ?? 0) <= width)
    .map((column) => column.width)
    .join(' ')

const Cells = <T,>({
  row,
  columns,
  link,
  href,
  active,
}: {
  row: T
  columns: readonly Column<T>[]
  link: LinkProps | undefined
  href: string | undefined
  active: boolean
}) =>
  columns.map((column) => (
    <div
      key={column.key}
      role="cell"
      className={classes(
        styles.cell,
        styles[column.card],
        column.align === 'end' && styles.end,
        column.align === 'end' && 'ends',
        column.from === 1000 && styles.from1000,
        column.from === 1200 && styles.from1200,
      )}
    >
      {column.said ? <span className={styles.said}>{column.title} </span> : null}
      {column.card === 'title' && link ? (
        <Link {...link} className={styles.link} tabIndex={active ? 0 : -1} draggable={false}>
          {column.cell(row)}
        </Link>
      ) : column.card === 'title' && href ? (
        <a href={href} className={styles.link} tabIndex={active ? 0 : -1} draggable={false}>
          {column.cell(row)}
        </a>
      ) : (
        column.cell(row)
      )}
    </div>
  ))

/** Moves one marked row through the list by keys and keeps the focus on its link. */
const useActiveRow = (
  count: number,
  scrollTo: (index: number) => void,
  root: { current: HTMLElement | null },
) => {
  const [active, setActive] = useState(0)
  const wanted = useRef<number | undefined>(undefined)
  const focusWanted = (): void => {
    if (wanted.current === undefined) return
    const link = root.current?.querySelector<HTMLElement>(`[data-index="${wanted.current}"] a`)
    if (!link) return
    wanted.current = undefined
    link.focus({ preventScroll: true })
  }
  const move = (to: number): void => {
    if (count === 0) return
    const next = Math.max(0, Math.min(count - 1, to))
    wanted.current = next
    setActive(next)
    scrollTo(next)
    focusWanted()
  }
  // A row far away is drawn only once the list has scrolled to it.
  useEffect(focusWanted)
  const isInside = (): boolean => root.current?.contains(document.activeElement) ?? false
  const step = (by: number): void => move(isInside() ? active + by : active)
  return { active: Math.min(active, Math.max(0, count - 1)), setActive, step, move, isInside }
}

const bindingsOf = <T,>(
  rows: readonly T[],
  walk: ReturnType<typeof useActiveRow>,
  rowKeys: readonly RowKey<T>[],
): KeyBinding[] => {
  const current = rows[walk.active]
  return [
    { keys: 'j', label: t('next-row'), run: () => walk.step(1) },
    { keys: 'k', label: t('previous-row'), run: () => walk.step(-1) },
    ...rowKeys.map(({ keys, label, run }) => ({
      keys,
      label,
      run: (event: KeyboardEvent) => {
        if (current !== undefined) run(current, event)
      },
    })),
  ]
}

const useMargin = (root: { current: HTMLElement | null }): number => {
  const [margin, setMargin] = useState(0)
  useLayoutEffect(() => {
    const top = root.current?.getBoundingClientRect().top ?? 0
    // Where the table begins is known only once it is laid out.
    // oxlint-disable-next-line react/set-state-in-effect
    setMargin(Math.round(top + window.scrollY))
  }, [root])
  return margin
}

const Head = <T,>({ columns }: { columns: readonly Column<T>[] }) => (
  <div role="rowgroup" className={styles.head}>
    <div role="row" className={classes(styles.row, styles.heading)}>
      {columns.map((column) => (
        <div
          key={column.key}
          role="columnheader"
          className={classes(
            styles.cell,
            column.align === 'end' && styles.end,
            column.from === 1000 && styles.from1000,
            column.from === 1200 && styles.from1200,
          )}
        >
          {column.titleHidden ? <span className="visually-hidden">{column.title}</span> : column.title}
        </div>
      ))}
    </div>
  </div>
)

const SkeletonRows = ({ columns }: { columns: number }) => (
  <div className={styles.body} aria-hidden="true">
    {Array.from({ length: SKELETON_ROWS }, (_, row) => (
      <div key={row} className={classes(styles.row, styles.ghost)}>
        {Array.from({ length: columns }, (_, cell) => (
          <span key={cell} className={styles.cell}>
            <Skeleton width={`${45 + ((row * 17 + cell * 29) % 45)}%`} />
          </span>
        ))}
      </div>
    ))}
  </div>
)

export const Table = <T,>({ label, columns, rows, idOf, linkOf, hrefOf, rowKeys, more }: TableProps<T>) => {
  const root = useRef<HTMLDivElement>(null)
  const list = rows ?? []
  const margin = useMargin(root)
  // No compiler memoises here.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useWindowVirtualizer({
    count: list.length,
    estimateSize: useCallback(() => (window.innerWidth <= CARDS_BELOW_PX ? CARD_PX : ROW_PX), []),
    overscan: 12,
    scrollMargin: margin,
    scrollPaddingStart: 96,
    scrollPaddingEnd: 72,
    getItemKey: (index) => idOf(list[index]!),
  })
  const walk = useActiveRow(list.length, (index) => virtual.scrollToIndex(index, { align: 'auto' }), root)
  useKeys(bindingsOf(list, walk, rowKeys ?? []))

  const shown = virtual.getVirtualItems()
  const last = shown.at(-1)?.index ?? 0
  const nearEnd = more !== undefined && !more.loading && last >= list.length - 15
  useEffect(() => {
    if (nearEnd) more?.load()
  }, [nearEnd, more])

  const onArrow = (event: React.KeyboardEvent): void => {
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: 12, PageUp: -12 }[event.key]
    if (by === undefined && event.key !== 'Home' && event.key !== 'End') return
    event.preventDefault()
    if (by !== undefined) walk.step(by)
    else walk.move(event.key === 'Home' ? 0 : list.length - 1)
  }
  const tracks = {
    '--tracks': trackList(columns, Infinity),
    '--tracks-1000': trackList(columns, 1199),
    '--tracks-760': trackList(columns, 999),
  } as CSSProperties

  return (
    <>
      {/* Arrow keys bubble up from the rows' links. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <div
        className={styles.table}
        style={tracks}
        role="table"
        aria-label={label}
        aria-rowcount={list.length + 1}
        aria-busy={rows === undefined}
        ref={root}
        onKeyDown={onArrow}
      >
        <Head columns={columns} />
        {rows === undefined ? <SkeletonRows columns={columns.length} /> : null}
        <div role="rowgroup" className={styles.body} style={{ height: rows ? virtual.getTotalSize() : 0 }}>
          {shown.map(({ index, key, start }) => {
            const row = list[index]!
            return (
              <div
                key={key}
                role="row"
                aria-rowindex={index + 2}
                data-index={index}
                ref={virtual.measureElement}
                className={classes(styles.row, styles.placed, (linkOf ?? hrefOf) && styles.linked)}
                style={{ transform: `translateY(${start - margin}px)` }}
                onFocus={() => walk.setActive(index)}
              >
                <Cells
                  row={row}
                  columns={columns}
                  link={linkOf?.(row)}
                  href={hrefOf?.(row)}
                  active={index === walk.active}
                />
              </div>
            )
          })}
        </div>
      </div>
      {more ? (
        <div className={styles.more}>
          <Button tone="quiet" size="small" busy={more.loading} onClick={more.load}>
            {t('load-more')}
          </Button>
        </div>
      ) : null}
    </>
  )
}
