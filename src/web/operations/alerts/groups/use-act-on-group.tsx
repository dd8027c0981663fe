/** One act for a whole group: by key on its row, or by the bar while it is open. */
import { lazy, Suspense, useState, type ReactNode } from 'react'
import type { RowKey } from '../../../parts/Table.tsx'
import { toastFailure } from '../../../parts/Toast.tsx'
import type { Input } from '../../../shell/api.ts'
import { useActOnMany } from '../many/act-on-many.ts'
import type { Asking } from '../many/ManyDialog.tsx'
import { SelectionBar } from '../many/SelectionBar.tsx'
import type { Act } from '../many/take-back.ts'
import type { AlertFilter, AlertRow } from '../queries.ts'
import { t } from '../words.ts'
import type { Group } from './queries.ts'

const ManyDialog = lazy(() => import('../many/ManyDialog.tsx'))

type Line =
  | { readonly kind: 'group' | 'more'; readonly group: Group }
  | { readonly kind: 'alert'; readonly alert: AlertRow }
type Targets = {
  readonly which: Input<'POST /api/alerts/bulk'>['which']
  readonly rows: readonly AlertRow[]
  readonly words: string
}

export const useActOnGroup = (
  filter: AlertFilter,
  opened: Group | undefined,
  nameOf: (group: Group) => string,
  onShut: () => void,
): {
  readonly acknowledge: (group: Group) => void
  readonly rowKeys: readonly RowKey<Line>[]
  readonly view: ReactNode
} => {
  const [asked, ask] = useState<{ readonly act: Asking; readonly targets: Targets }>()
  const { send, progress } = useActOnMany(() => ask(undefined))
  const busy = send.isPending || progress !== undefined
  const targetsOf = (group: Group): Targets | undefined =>
    group.query === null
      ? undefined
      : {
          which: { ...filter, query: group.query },
          rows: [],
          words: t('group-chosen', { count: group.count, name: nameOf(group) }),
        }
  const show = (act: Asking, targets: Targets | undefined): void => {
    if (targets === undefined) return
    if (!busy) send.reset()
    ask({ act, targets })
  }
  const acknowledge = (group: Group): void => {
    const targets = targetsOf(group)
    if (targets && !busy) send.mutate({ ...targets, act: { kind: 'acknowledge' } }, { onError: toastFailure })
  }
  const ofLine = (line: Line): Targets | undefined =>
    line.kind === 'alert'
      ? { which: { ids: [line.alert.id] }, rows: [line.alert], words: line.alert.name }
      : targetsOf(line.group)
  const key = (keys: string, label: string, act: Asking): RowKey<Line> => ({
    keys,
    label,
    run: (line) => show(act, ofLine(line)),
  })
  return {
    acknowledge,
    rowKeys: [
      key('s', t('snooze'), 'snooze'),
      key('c', t('close'), 'close'),
      key('o', t('assign'), 'assign'),
      key('t', t('change-tags'), 'tag'),
    ],
    view: (
      <>
        {opened || progress ? (
          <SelectionBar
            words={opened ? t('group-chosen', { count: opened.count, name: nameOf(opened) }) : ''}
            allOf={undefined}
            progress={progress}
            busy={busy}
            withKeys={false}
            clear={t('group-shut')}
            onAll={() => undefined}
            onAcknowledge={() => opened && acknowledge(opened)}
            onAsk={(act) => opened && show(act, targetsOf(opened))}
            onClear={onShut}
          />
        ) : null}
        <Suspense>
          {asked ? (
            <ManyDialog
              kind={asked.act}
              whom={asked.targets.words}
              busy={busy}
              error={send.error}
              onSend={(act: Act) => (busy ? undefined : send.mutate({ ...asked.targets, act }))}
              onClose={() => ask(undefined)}
            />
          ) : null}
        </Suspense>
      </>
    ),
  }
}
