/** Keys with which this environment's senders sign in. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { Badge } from '../../parts/Badge.tsx'
import { Button } from '../../parts/Button.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { ErrorNote } from '../../parts/ErrorNote.tsx'
import { useKeys } from '../../parts/keys.ts'
import { Columns, Panel } from '../../parts/Page.tsx'
import { useNow } from '../../parts/reader.ts'
import { Row, Rows } from '../../parts/Rows.tsx'
import { SkeletonLines } from '../../parts/Skeleton.tsx'
import { TimeText } from '../../parts/TimeText.tsx'
import { toast } from '../../parts/Toast.tsx'
import { api, type Reply } from '../../shell/api.ts'
import { queryClient } from '../../shell/query-client.ts'
import { keysQuery } from './queries.ts'
import { t } from './words.ts'

const MakeKey = lazy(() => import('./MakeKey.tsx'))
const Confirm = lazy(() => import('../../parts/Confirm.tsx'))

type Key = Reply<'GET /api/environments/:environment/keys'>['rows'][number]

const KeyState = ({ of }: { of: Key }) => {
  const now = useNow()
  if (of.revokedAt !== null) return <Badge>{t('key-revoked')}</Badge>
  if (of.expiresAt !== null && of.expiresAt <= now) return <Badge>{t('key-expired')}</Badge>
  if (of.lastUsedAt === null) return <Badge tone="amber">{t('key-never-used')}</Badge>
  return (
    <Badge tone="green">
      {t('key-used')} <TimeText at={of.lastUsedAt} still />
    </Badge>
  )
}

const Revoke = ({ of, onClose }: { of: Key; onClose: () => void }) => {
  const revoke = useMutation({
    mutationFn: () => api('DELETE /api/keys/:keyId', { keyId: of.id }),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ['environments'] })
      toast({ text: t('key-revoked-done', of) })
      onClose()
    },
  })
  return (
    <Confirm
      title={t('revoke-title', of)}
      explanation={t('revoke-text')}
      action={t('revoke')}
      busy={revoke.isPending}
      error={revoke.error}
      onConfirm={() => revoke.mutate()}
      onClose={onClose}
    />
  )
}

export const Keys = ({ environment }: { environment: string }) => {
  const { data, error, refetch } = useQuery(keysQuery(environment))
  const [making, setMaking] = useState(false)
  const [revoking, setRevoking] = useState<Key>()
  useKeys([{ keys: 'n', label: t('make-key'), run: () => setMaking(true) }])
  const make = (
    <Button icon="plus" keys="n" onClick={() => setMaking(true)}>
      {t('make-key')}
    </Button>
  )
  return (
    <Columns narrow>
      {error ? <ErrorNote error={error} onRetry={refetch} /> : null}
      {data?.rows.length === 0 ? (
        <EmptyState icon="key" title={t('keys-empty')} action={make}>
          {t('keys-empty-text')}
        </EmptyState>
      ) : error ? null : (
        <>
          <p className="dim">{t('keys-text')}</p>
          <Panel title={t('keys')} flush actions={make}>
            {data ? (
              <Rows label={t('keys')}>
                {data.rows.map((key) => (
                  <Row
                    key={key.id}
                    tall
                    title={key.name}
                    note={<span className="mono">{key.hint}</span>}
                    end={
                      <>
                        <KeyState of={key} />
                        {key.revokedAt === null ? (
                          <Button size="small" tone="quiet" onClick={() => setRevoking(key)}>
                            {t('revoke')}
                          </Button>
                        ) : null}
                      </>
                    }
                  />
                ))}
              </Rows>
            ) : (
              <SkeletonLines />
            )}
          </Panel>
        </>
      )}
      <Suspense>
        {making ? <MakeKey environment={environment} onClose={() => setMaking(false)} /> : null}
        {revoking ? <Revoke of={revoking} onClose={() => setRevoking(undefined)} /> : null}
      </Suspense>
    </Columns>
  )
}
