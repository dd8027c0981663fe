/** Personal API tokens: shown once, used by scripts, revoked at once. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { Badge } from '../../parts/Badge.tsx'
import { Button } from '../../parts/Button.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { useKeys } from '../../parts/keys.ts'
import { Panel } from '../../parts/Page.tsx'
import { useNow } from '../../parts/reader.ts'
import { Row, Rows } from '../../parts/Rows.tsx'
import { Settled } from '../../parts/Settled.tsx'
import { TimeText } from '../../parts/TimeText.tsx'
import { toast } from '../../parts/Toast.tsx'
import { api, type Reply } from '../../shell/api.ts'
import { queryClient } from '../../shell/query-client.ts'
import { tokensQuery } from './queries.ts'
import styles from './Settings.module.css'
import { t } from './words.ts'

const MakeToken = lazy(() => import('./MakeToken.tsx'))
const Confirm = lazy(() => import('../../parts/Confirm.tsx'))
type Token = Reply<'GET /api/me/tokens'>['rows'][number]

const TokenState = ({ token }: { token: Token }) => {
  const now = useNow()
  if (token.revokedAt !== null) return <Badge>{t('token-revoked')}</Badge>
  if (token.expiresAt !== null && token.expiresAt <= now) return <Badge>{t('token-expired')}</Badge>
  if (token.lastUsedAt === null) return <Badge>{t('never-used')}</Badge>
  return (
    <Badge tone="green">
      {t('used')} <TimeText at={token.lastUsedAt} still />
    </Badge>
  )
}

const Revoke = ({ token, onClose }: { token: Token; onClose: () => void }) => {
  const revoke = useMutation({
    mutationFn: () => api('DELETE /api/me/tokens/:tokenId', { tokenId: token.id }),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: tokensQuery.queryKey })
      toast({ text: t('token-revoked-done', token) })
      onClose()
    },
  })
  return (
    <Confirm
      title={t('token-revoke-title', token)}
      explanation={t('token-revoke-text')}
      action={t('token-revoke')}
      busy={revoke.isPending}
      error={revoke.error}
      onConfirm={() => revoke.mutate()}
      onClose={onClose}
    />
  )
}

const Tokens = () => {
  const query = useQuery(tokensQuery)
  const [making, setMaking] = useState(false)
  const [revoking, setRevoking] = useState<Token>()
  useKeys([{ keys: 'n', label: t('token-make'), run: () => setMaking(true) }])
  const make = (
    <Button size="small" icon="plus" keys="n" onClick={() => setMaking(true)}>
      {t('token-make')}
    </Button>
  )
  const filled = query.data !== undefined && query.data.rows.length > 0
  return (
    <div className={styles.section}>
      <p className="dim">{t('tokens-text')}</p>
      <Panel title={t('section-tokens')} actions={make} flush={filled}>
        <Settled query={query}>
          {({ rows }) =>
            filled ? (
              <Rows label={t('section-tokens')}>
                {rows.map((token) => (
                  <Row
                    key={token.id}
                    tall
                    stacked
                    title={token.name}
                    note={
                      <>
                        <span className="mono">{token.hint}</span> · {token.scopes.join(', ')}
                      </>
                    }
                    end={
                      <>
                        <TokenState token={token} />
                        {token.revokedAt === null ? (
                          <Button size="small" tone="quiet" onClick={() => setRevoking(token)}>
                            {t('token-revoke')}
                          </Button>
                        ) : null}
                      </>
                    }
                  />
                ))}
              </Rows>
            ) : (
              <EmptyState icon="key" title={t('tokens-empty')} command="fortnight login">
                {t('tokens-empty-text')}
              </EmptyState>
            )
          }
        </Settled>
      </Panel>
      <Suspense>
        {making ? <MakeToken onClose={() => setMaking(false)} /> : null}
        {revoking ? <Revoke token={revoking} onClose={() => setRevoking(undefined)} /> : null}
      </Suspense>
    </div>
  )
}
export default Tokens
