/** Choosing alerts in the list and doing one thing to all of them: the column, the keys, the bar and what it asks. */
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState, type ReactNode } from 'react'
import type { Column, RowKey } from '../../../parts/Table.tsx'
import type { Input } from '../../../shell/api.ts'
import { wholeNumber, type Reader } from '../../../messages/format.ts'
import { useReader } from '../../../parts/reader.ts'
import { useMay } from '../../../shell/session.ts'
import { useKeys } from '../../../parts/keys.ts'
import { toastFailure } from '../../../parts/Toast.tsx'
import { countQuery } from '../groups/queries.ts'
import type { AlertFilter, AlertRow } from '../queries.ts'
import { t } from '../words.ts'
import { useActOnMany } from './act-on-many.ts'
import type { Asking } from './ManyDialog.tsx'
import styles from './Many.module.css'
import { useSelection, type Selection } from './selection.ts'
import { SelectionBar } from './SelectionBar.tsx'
import type { Act } from './take-back.ts'

const ManyDialog = lazy(() => import('./ManyDialog.tsx'))
const MergeAlerts = lazy(() => import('./MergeAlerts.tsx'))
const EscalateAlert = lazy(() => import('../verbs/EscalateAlert.tsx'))

const pickColumn = (selection: Selection, onPhones: boolean): Column<AlertRow> => ({
  key: 'pick',
  title: t('column-pick'),
  titleHidden: true,
  width: '1.5rem',
  card: onPhones ? 'meta' : 'none',
  cell: (row) => (
    <label className={styles.pick}>
      <span className="visually-hidden">{t('pick', row)}</span>
      <input
        type="checkbox"
        tabIndex={-1}
        checked={selection.has(row.id)}
        onChange={({ nativeEvent }) => selection.press(row.id, (nativeEvent as MouseEvent).shiftKey)}
      />
    </label>
  ),
})

type Found = { readonly rows: readonly AlertRow[]; readonly total: number; readonly isTotalSure: boolean }
/** Those that are acted on, as the server is told and as people are. */
type Targets = {
  readonly which: Input<'POST /api/alerts/bulk'>['which']
  readonly rows: readonly AlertRow[]
  readonly words: string
}
type Open =
  | { readonly kind: 'ask'; readonly act: Asking; readonly targets: Targets }
  | { readonly kind: 'escalate'; readonly row: AlertRow }
  | { readonly kind: 'merge'; readonly rows: readonly AlertRow[]; readonly words: string }

const counted = ({ total, isTotalSure }: Found, reader: Reader): string =>
  `${wholeNumber(total, reader)}${isTotalSure ? '' : '+'}`

const targetsOf = (selection: Selection, filter: AlertFilter, found: Found, reader: Reader): Targets => {
  if (selection.all)
    return {
      which: { ...filter, query: filter.query ?? '' },
      rows: [],
      words: t('all-chosen', { count: counted(found, reader) }),
    }
  return {
    which: { ids: [...selection.ids] },
    rows: found.rows.filter(({ id }) => selection.ids.includes(id)),
    words: t('chosen', { count: selection.ids.length }),
  }
}
const one = (row: AlertRow): Targets => ({ which: { ids: [row.id] }, rows: [row], words: row.name })

/** Keys of a row: they mean all that are chosen, or the row where none is. */
const keysOf = (
  selection: Selection,
  targets: (row: AlertRow) => Targets,
  ask: (open: Open) => void,
  mayMerge: boolean,
): RowKey<AlertRow>[] => {
  const asking = (act: Asking) => (row: AlertRow) => ask({ kind: 'ask', act, targets: targets(row) })
  return [
    { keys: 'x', label: t('pick-key'), run: (row, event) => selection.press(row.id, event.shiftKey) },
    { keys: 's', label: t('snooze'), run: asking('snooze') },
    { keys: 'c', label: t('close'), run: asking('close') },
    { keys: 'o', label: t('assign'), run: asking('assign') },
    { keys: 't', label: t('change-tags'), run: asking('tag') },
    { keys: 'e', label: t('escalate'), run: (row) => ask({ kind: 'escalate', row }) },
    ...(mayMerge
      ? [
          {
            keys: 'm',
            label: t('merge'),
            run: (row: AlertRow) => {
              const { rows, words } = targets(row)
              // All that match are not known one by one.
              if (rows.length > 0) ask({ kind: 'merge', rows, words })
            },
          },
        ]
      : []),
  ]
}

type Many = {
  readonly column: Column<AlertRow>
  readonly rowKeys: readonly RowKey<AlertRow>[]
  /** Takes what is chosen; false when nothing is. */
  readonly acknowledge: () => boolean
  readonly view: ReactNode
}

/** @param onPhones on a phone boxes are there only when somebody wants to choose */
export const useMany = (filter: AlertFilter, listed: Found, onPhones: boolean): Many => {
  const reader = useReader()
  const mayMerge = useMay()('incidents.change')
  const order = listed.rows.map(({ id }) => id)
  const selection = useSelection(JSON.stringify(filter), order)
  const [open, setOpen] = useState<Open>()
  const { send, progress } = useActOnMany(() => {
    setOpen(undefined)
    selection.clear()
  })
  const some = selection.all || selection.ids.length > 0
  // The list knows the part that it has read; how many there are altogether is counted when it matters.
  const counting = useQuery({ ...countQuery(filter), enabled: some && !listed.isTotalSure })
  const found: Found = counting.data
    ? { ...listed, total: counting.data.count, isTotalSure: counting.data.isAll }
    : listed
  const targets = targetsOf(selection, filter, found, reader)
  // One at a time: what the server still goes on with is followed to its end.
  const busy = send.isPending || progress !== undefined
  const show = (wanted: Open | undefined): void => {
    if (!busy) send.reset()
    setOpen(wanted)
  }
  const close = (): void => show(undefined)
  const acknowledge = (): boolean => {
    if (some && !busy) send.mutate({ ...targets, act: { kind: 'acknowledge' } }, { onError: toastFailure })
    return some
  }
  const act = (wanted: Act): void => {
    if (open?.kind === 'ask' && !busy) send.mutate({ ...open.targets, act: wanted })
  }
  useKeys(some ? [{ keys: 'escape', label: t('choose-none'), run: selection.clear }] : [])
  const isMore = !selection.all && (!found.isTotalSure || found.total > selection.ids.length)
  return {
    column: pickColumn(selection, onPhones),
    rowKeys: keysOf(selection, (row) => (some ? targets : one(row)), show, mayMerge),
    acknowledge,
    view: (
      <>
        {some || progress ? (
          <SelectionBar
            words={targets.words}
            allOf={isMore ? counted(found, reader) : undefined}
            progress={progress}
            busy={busy}
            onAll={selection.chooseAll}
            onAcknowledge={acknowledge}
            onAsk={(kind) => show({ kind: 'ask', act: kind, targets })}
            onMerge={
              mayMerge && targets.rows.length > 0 ? () => show({ kind: 'merge', ...targets }) : undefined
            }
            onClear={selection.clear}
          />
        ) : null}
        <Suspense>
          {open?.kind === 'ask' ? (
            <ManyDialog
              kind={open.act}
              whom={open.targets.words}
              busy={busy}
              error={send.error}
              onSend={act}
              onClose={close}
            />
          ) : null}
          {open?.kind === 'merge' ? (
            <MergeAlerts alerts={open.rows} whom={open.words} onDone={selection.clear} onClose={close} />
          ) : null}
          {open?.kind === 'escalate' ? <EscalateAlert alert={open.row} onClose={close} /> : null}
        </Suspense>
      </>
    ),
  }
}
