/** The lines of an environment that people call: at whom they would ring, and what became of the last calls. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { Badge } from '../../parts/Badge.tsx'
import { Button } from '../../parts/Button.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { ErrorNote } from '../../parts/ErrorNote.tsx'
import { useKeys } from '../../parts/keys.ts'
import { Columns, Panel } from '../../parts/Page.tsx'
import { Row, Rows } from '../../parts/Rows.tsx'
import { SkeletonLines } from '../../parts/Skeleton.tsx'
import { TimeText } from '../../parts/TimeText.tsx'
import { toast } from '../../parts/Toast.tsx'
import { api } from '../../shell/api.ts'
import { queryClient } from '../../shell/query-client.ts'
import { phoneLinesQuery, type PhoneCall, type PhoneLine } from './queries.ts'
import { t } from './words.ts'

const PhoneLineForm = lazy(() => import('./PhoneLineForm.tsx'))
const Confirm = lazy(() => import('../../parts/Confirm.tsx'))

type Given = { environment: string; of: PhoneLine; onClose: () => void }

const Remove = ({ environment, of, onClose }: Given) => {
  const remove = useMutation({
    mutationFn: () =>
      api('DELETE /api/environments/:environment/phone-lines/:number', { environment, number: of.number }),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ['phone-lines'] })
      toast({ text: t('removed', of) })
      onClose()
    },
  })
  return (
    <Confirm
      title={t('remove-title', of)}
      explanation={t('remove-text')}
      action={t('remove')}
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    />
  )
}

const Outcome = ({ of }: { of: PhoneCall }) => {
  if (of.status === 'taken') return <Badge tone="green">{t('taken', { name: of.takenBy?.name ?? '' })}</Badge>
  return of.status === 'missed' ? (
    <Badge tone="red">{t('missed')}</Badge>
  ) : (
    <Badge tone="amber">{t('ringing')}</Badge>
  )
}

const Calls = ({ of }: { of: PhoneLine }) => (
  <Panel title={`${of.name}: ${t('calls')}`} flush>
    {of.calls.length === 0 ? (
      <p className="dim">{t('no-calls')}</p>
    ) : (
      <Rows label={t('calls')}>
        {of.calls.map((call) => (
          <Row
            key={call.id}
            tall
            title={call.from ?? t('from-hidden')}
            note={
              <>
                <TimeText at={call.receivedAt} />
                {call.rangAt.length > 0
                  ? ` · ${t('rang', { names: call.rangAt.map(({ name }) => name).join(', ') })}`
                  : null}
              </>
            }
            end={
              <>
                {call.messageUrl ? (
                  <a href={call.messageUrl} target="_blank" rel="noreferrer noopener">
                    {t('hear-message')}
                  </a>
                ) : null}
                <Outcome of={call} />
              </>
            }
          />
        ))}
      </Rows>
    )}
  </Panel>
)

const RingsAt = ({ people }: { people: readonly { readonly name: string }[] }) =>
  people.length === 0 ? (
    <p>
      <Badge tone="amber">{t('rings-nobody')}</Badge> {t('rings-nobody-text')}
    </p>
  ) : (
    <p>
      {t('rings-at')} <strong>{people.map(({ name }) => name).join(', ')}</strong>
    </p>
  )

type Open =
  | { readonly kind: 'form'; readonly row?: PhoneLine }
  | { readonly kind: 'remove'; readonly row: PhoneLine }

type LinesGiven = { rows: readonly PhoneLine[]; mayChange: boolean; open: (what: Open) => void }

const Lines = ({ rows, mayChange, open }: LinesGiven) => (
  <Rows label={t('phone-lines')}>
    {rows.map((row) => (
      <Row
        key={row.number}
        tall
        title={row.name}
        note={`${row.number} · P${row.priority}`}
        end={
          mayChange ? (
            <>
              <Button size="small" tone="quiet" onClick={() => open({ kind: 'form', row })}>
                {t('change')}
              </Button>
              <Button size="small" tone="quiet" onClick={() => open({ kind: 'remove', row })}>
                {t('remove')}
              </Button>
            </>
          ) : null
        }
      />
    ))}
  </Rows>
)

export const PhoneLines = ({ environment }: { environment: string }) => {
  const { data, error, refetch } = useQuery(phoneLinesQuery(environment))
  const [open, setOpen] = useState<Open>()
  const mayChange = data?.can.change ?? false
  useKeys(mayChange ? [{ keys: 'n', label: t('define'), run: () => setOpen({ kind: 'form' }) }] : [])
  const define = mayChange ? (
    <Button icon="plus" keys="n" onClick={() => setOpen({ kind: 'form' })}>
      {t('define')}
    </Button>
  ) : null
  const close = () => setOpen(undefined)
  return (
    <Columns narrow>
      {error ? <ErrorNote error={error} onRetry={refetch} /> : null}
      {data?.lacks ? (
        <p>
          <Badge tone="amber">{t('no-gateway')}</Badge> {data.lacks}
        </p>
      ) : null}
      {data?.rows.length === 0 ? (
        <EmptyState icon="page" title={t('empty')} action={define}>
          {t('empty-text')}
        </EmptyState>
      ) : error ? null : (
        <>
          <p className="dim">{t('text')}</p>
          {data && !data.lacks ? <RingsAt people={data.wouldRing} /> : null}
          <Panel title={t('phone-lines')} flush actions={define}>
            {data ? <Lines rows={data.rows} mayChange={mayChange} open={setOpen} /> : <SkeletonLines />}
          </Panel>
          {data?.rows.map((row) => (
            <Calls key={row.number} of={row} />
          ))}
        </>
      )}
      <Suspense>
        {open?.kind === 'form' ? (
          <PhoneLineForm environment={environment} {...(open.row ? { row: open.row } : {})} onClose={close} />
        ) : null}
        {open?.kind === 'remove' ? <Remove environment={environment} of={open.row} onClose={close} /> : null}
      </Suspense>
    </Columns>
  )
}
