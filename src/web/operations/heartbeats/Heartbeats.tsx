/** The heartbeats of an environment: which are heard, which are silent, and what pings although nobody expects it. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { duration } from '../../messages/format.ts'
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
import { heartbeatsQuery, type HeartbeatRow } from './queries.ts'
import { t } from './words.ts'

const HeartbeatForm = lazy(() => import('./HeartbeatForm.tsx'))
const Confirm = lazy(() => import('../../parts/Confirm.tsx'))

const State = ({ of }: { of: HeartbeatRow }) => {
  if (of.state === 'off') return <Badge>{t('off')}</Badge>
  if (of.state === 'waiting' || of.lastPingAt === null) return <Badge tone="amber">{t('waiting')}</Badge>
  if (of.state === 'silent')
    return (
      <Badge tone="red">
        {t('silent-since')} <TimeText at={of.silentSince ?? of.lastPingAt} still />
      </Badge>
    )
  return (
    <Badge tone="green">
      {t('heard')} <TimeText at={of.lastPingAt} still />
    </Badge>
  )
}

const Remove = ({
  environment,
  of,
  onClose,
}: {
  environment: string
  of: HeartbeatRow
  onClose: () => void
}) => {
  const remove = useMutation({
    mutationFn: () =>
      api('DELETE /api/environments/:environment/heartbeats/:name', { environment, name: of.name }),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ['heartbeats'] })
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

type Open =
  | { readonly kind: 'form'; readonly row?: HeartbeatRow }
  | { readonly kind: 'remove'; readonly row: HeartbeatRow }

const Expected = ({
  rows,
  mayChange,
  open,
}: {
  rows: readonly HeartbeatRow[]
  mayChange: boolean
  open: (what: Open) => void
}) => (
  <Rows label={t('heartbeats')}>
    {rows.map((row) => (
      <Row
        key={row.name}
        tall
        title={row.name}
        note={`P${row.priority} · ${t('every', { length: duration(row.intervalMs) })}`}
        end={
          <>
            <State of={row} />
            {mayChange ? (
              <>
                <Button size="small" tone="quiet" onClick={() => open({ kind: 'form', row })}>
                  {t('change')}
                </Button>
                <Button size="small" tone="quiet" onClick={() => open({ kind: 'remove', row })}>
                  {t('remove')}
                </Button>
              </>
            ) : null}
          </>
        }
      />
    ))}
  </Rows>
)

type Orphan = { readonly name: string; readonly lastPingAt: number; readonly pings: number }

const Orphans = ({ rows }: { rows: readonly Orphan[] }) => (
  <Panel title={t('orphans')} flush>
    <p className="dim">{t('orphans-text')}</p>
    <Rows label={t('orphans')}>
      {rows.map(({ name, lastPingAt, pings }) => (
        <Row key={name} title={name} note={t('pings', { count: pings })} end={<TimeText at={lastPingAt} />} />
      ))}
    </Rows>
  </Panel>
)

export const Heartbeats = ({ environment }: { environment: string }) => {
  const { data, error, refetch } = useQuery(heartbeatsQuery(environment))
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
      {data?.rows.length === 0 ? (
        <EmptyState icon="warning" title={t('empty')} action={define}>
          {t('empty-text')}
        </EmptyState>
      ) : error ? null : (
        <>
          <p className="dim">{t('text')}</p>
          <Panel title={t('heartbeats')} flush actions={define}>
            {data ? <Expected rows={data.rows} mayChange={mayChange} open={setOpen} /> : <SkeletonLines />}
          </Panel>
        </>
      )}
      {data && data.orphans.length > 0 ? <Orphans rows={data.orphans} /> : null}
      <Suspense>
        {open?.kind === 'form' ? (
          <HeartbeatForm environment={environment} {...(open.row ? { row: open.row } : {})} onClose={close} />
        ) : null}
        {open?.kind === 'remove' ? <Remove environment={environment} of={open.row} onClose={close} /> : null}
      </Suspense>
    </Columns>
  )
}
