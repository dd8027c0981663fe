/** Who is away and who answers for whom, from now on. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { dayAndTime } from '../../../messages/format.ts'
import { Button } from '../../../parts/Button.tsx'
import { Panel } from '../../../parts/Page.tsx'
import { useReader } from '../../../parts/reader.ts'
import { toast, toastFailure } from '../../../parts/Toast.tsx'
import { api } from '../../../shell/api.ts'
import { queryClient } from '../../../shell/query-client.ts'
import { useMay } from '../../../shell/session.ts'
import styles from '../RotaLists.module.css'
import { t } from '../words.ts'
import { absencesQuery, forwardingsQuery, type Absence } from './queries.ts'

const AddAway = lazy(() => import('./AddAway.tsx'))
const refresh = (): void => void queryClient.invalidateQueries({ queryKey: ['on-call'] })

type Line = Omit<Absence, 'addedAt'> & { readonly kind: 'absence' | 'forwarding'; readonly who: string }

const useRemove = () =>
  useMutation({
    mutationFn: ({ kind, id }: Line) =>
      kind === 'absence'
        ? api('DELETE /api/on-call/absences/:absence', { absence: id })
        : api('DELETE /api/on-call/forwardings/:forwarding', { forwarding: id }),
    onSuccess: () => {
      refresh()
      toast({ text: t('away-removed') })
    },
    onError: toastFailure,
  })

const useLines = (): readonly Line[] => {
  const absences = useQuery(absencesQuery).data?.rows ?? []
  const forwardings = useQuery(forwardingsQuery).data?.rows ?? []
  return [
    ...absences.map((row) => ({ ...row, kind: 'absence' as const, who: row.person.name })),
    ...forwardings.map((row) => ({
      ...row,
      kind: 'forwarding' as const,
      who: t('away-answers', { answers: row.answers.name, person: row.person.name }),
    })),
  ].toSorted((a, b) => a.from - b.from)
}

export const Away = () => {
  const reader = useReader()
  const mayAdd = useMay()('on-call.override')
  const lines = useLines()
  const remove = useRemove()
  const [adding, setAdding] = useState(false)
  return (
    <Panel
      title={t('away')}
      actions={
        mayAdd ? (
          <Button size="small" tone="quiet" icon="plus" onClick={() => setAdding(true)}>
            {t('away-add')}
          </Button>
        ) : null
      }
    >
      {lines.length === 0 ? <p className="dim">{t('away-empty')}</p> : null}
      <ul className={styles.overrides}>
        {lines.map((line) => (
          <li key={line.id}>
            <div>
              <p className={styles.who}>{line.who}</p>
              <p className="dim">
                {dayAndTime(line.from, reader)} – {dayAndTime(line.to, reader)}
              </p>
              {line.reason ? <p className="wrap">{line.reason}</p> : null}
            </div>
            {line.can.remove ? (
              <Button size="small" tone="quiet" busy={remove.isPending} onClick={() => remove.mutate(line)}>
                {t('away-remove')}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      <Suspense>{adding ? <AddAway onClose={() => setAdding(false)} /> : null}</Suspense>
    </Panel>
  )
}
