/** Who asks whom for a swap, and the answer; what was agreed to stands in the rota itself. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { dayAndTime } from '../../../messages/format.ts'
import { Badge, type Tone } from '../../../parts/Badge.tsx'
import { Button } from '../../../parts/Button.tsx'
import { Panel } from '../../../parts/Page.tsx'
import { useReader } from '../../../parts/reader.ts'
import { toast, toastFailure } from '../../../parts/Toast.tsx'
import { api } from '../../../shell/api.ts'
import { queryClient } from '../../../shell/query-client.ts'
import type { ScheduleRow } from '../queries.ts'
import styles from '../RotaLists.module.css'
import { swapsQuery, type Swap } from './queries.ts'
import { t } from './words.ts'

const OfferSwap = lazy(() => import('./OfferSwap.tsx'))

type Verb = 'accept' | 'decline' | 'withdraw'
const said = { accept: 'accepted', decline: 'was-declined', withdraw: 'was-withdrawn' } as const

const useAnswer = () =>
  useMutation({
    mutationFn: async ({ verb, swap }: { verb: Verb; swap: string }): Promise<Verb> => {
      if (verb === 'accept') await api('POST /api/swaps/:swap/accept', { swap })
      else if (verb === 'decline') await api('POST /api/swaps/:swap/decline', { swap })
      else await api('POST /api/swaps/:swap/withdraw', { swap })
      return verb
    },
    onSuccess: (verb) => toast({ text: t(said[verb]) }),
    onError: toastFailure,
    onSettled: () => void queryClient.invalidateQueries({ queryKey: ['on-call'] }),
  })

const standing = ({ status, askedOf, can }: Swap): { tone: Tone; words: string } => {
  switch (status) {
    case 'offered':
      return can.answer
        ? { tone: 'amber', words: t('asks-you') }
        : { tone: 'amber', words: t('waits', { name: askedOf.name }) }
    case 'accepted':
      return { tone: 'green', words: t('agreed') }
    case 'declined':
    case 'withdrawn':
    case 'expired':
    case 'void':
      return { tone: 'neutral', words: t(status) }
  }
}

const SwapLine = ({ swap }: { swap: Swap }) => {
  const reader = useReader()
  const answer = useAnswer()
  const { tone, words } = standing(swap)
  const press = (verb: Verb, label: string, look: 'primary' | 'quiet') => (
    <Button
      size="small"
      tone={look}
      busy={answer.isPending}
      onClick={() => answer.mutate({ verb, swap: swap.id })}
    >
      {label}
    </Button>
  )
  return (
    <li className={styles.swap}>
      {swap.legs.map((leg) => (
        <div key={`${leg.from} ${leg.giver.id}`}>
          <p className={styles.who}>{t('leg', { taker: leg.taker.name, giver: leg.giver.name })}</p>
          <p className="dim">
            {t('stretch', { from: dayAndTime(leg.from, reader), to: dayAndTime(leg.to, reader) })}
          </p>
        </div>
      ))}
      <Badge tone={tone}>{words}</Badge>
      {swap.note ? <p className="wrap">{swap.note}</p> : null}
      {swap.why ? <p className="wrap">{t(`why-${swap.why}`)}</p> : null}
      {swap.warnings.map((warning) => (
        <p key={warning} className="wrap">
          {t('if-accepted', { warning })}
        </p>
      ))}
      <div className={styles.answers}>
        {swap.can.answer ? press('accept', t('accept'), 'primary') : null}
        {swap.can.answer ? press('decline', t('decline'), 'quiet') : null}
        {swap.can.withdraw ? press('withdraw', t('withdraw'), 'quiet') : null}
      </div>
    </li>
  )
}

/** What one is asked comes first, then what still waits. */
const rank = ({ status, can }: Swap): number => (can.answer ? 0 : status === 'offered' ? 1 : 2)

export const Swaps = ({ schedule }: { schedule: ScheduleRow }) => {
  const { data } = useQuery(swapsQuery(schedule.slug))
  const [asking, setAsking] = useState(false)
  const rows = (data?.rows ?? []).toSorted((a, b) => rank(a) - rank(b) || b.changedAt - a.changedAt)
  const mayAsk = schedule.can.override
  return (
    <Panel
      title={t('title')}
      actions={
        mayAsk ? (
          <Button size="small" tone="quiet" icon="plus" onClick={() => setAsking(true)}>
            {t('ask')}
          </Button>
        ) : null
      }
    >
      {rows.length === 0 ? <p className="dim">{t(mayAsk ? 'empty' : 'empty-reader')}</p> : null}
      <ul className={styles.findings}>
        {rows.slice(0, 12).map((swap) => (
          <SwapLine key={swap.id} swap={swap} />
        ))}
      </ul>
      <Suspense>
        {asking ? <OfferSwap schedule={schedule} onClose={() => setAsking(false)} /> : null}
      </Suspense>
    </Panel>
  )
}
