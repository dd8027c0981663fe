/** The ways one can be reached: each with its proof, and what this installation lacks for the others. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { Badge } from '../../parts/Badge.tsx'
import { Button } from '../../parts/Button.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { Panel } from '../../parts/Page.tsx'
import { Row, Rows } from '../../parts/Rows.tsx'
import { Settled } from '../../parts/Settled.tsx'
import { TimeText } from '../../parts/TimeText.tsx'
import { toast } from '../../parts/Toast.tsx'
import { api } from '../../shell/api.ts'
import styles from './ContactMethods.module.css'
import { contactMethodsQuery, refreshMethods, type ContactMethod } from './queries.ts'
import { t } from './words.ts'

const AddMethod = lazy(() => import('./AddMethod.tsx'))
const ProveMethod = lazy(() => import('./ProveMethod.tsx'))
const Confirm = lazy(() => import('../../parts/Confirm.tsx'))

const Remove = ({ method, onClose }: { method: ContactMethod; onClose: () => void }) => {
  const remove = useMutation({
    mutationFn: () => api('DELETE /api/me/contact-methods/:methodId', { methodId: method.id }),
    onSuccess: () => {
      refreshMethods()
      toast({ text: t('removed', method) })
      onClose()
    },
  })
  return (
    <Confirm
      title={t('remove-title', method)}
      explanation={t('remove-text')}
      action={t('remove')}
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    />
  )
}

const Proof = ({ method }: { method: ContactMethod }) =>
  method.verifiedAt === null || method.provenAt === null ? (
    <Badge tone="amber">{t('unproven')}</Badge>
  ) : (
    <Badge tone="green">
      {t('proven')} <TimeText at={method.provenAt} still />
    </Badge>
  )

export const ContactMethods = () => {
  const query = useQuery(contactMethodsQuery)
  const [adding, setAdding] = useState(false)
  const [proving, setProving] = useState<ContactMethod>()
  const [removing, setRemoving] = useState<ContactMethod>()
  const filled = query.data !== undefined && query.data.rows.length > 0
  const add = (
    <Button size="small" icon="plus" disabled={query.data === undefined} onClick={() => setAdding(true)}>
      {t('add')}
    </Button>
  )
  return (
    <>
      <p className="dim">{t('text')}</p>
      <Panel title={t('title')} actions={add} flush={filled}>
        <Settled query={query} lines={2}>
          {({ rows }) =>
            filled ? (
              <Rows label={t('title')}>
                {rows.map((method) => (
                  <Row
                    key={method.id}
                    tall
                    stacked
                    title={t(`kind-${method.kind}`)}
                    note={<span className={styles.address}>{method.address}</span>}
                    end={
                      <>
                        <Proof method={method} />
                        <Button size="small" onClick={() => setProving(method)}>
                          {t(method.verifiedAt === null ? 'prove' : 'prove-again')}
                        </Button>
                        <Button size="small" tone="quiet" onClick={() => setRemoving(method)}>
                          {t('remove')}
                        </Button>
                      </>
                    }
                  />
                ))}
              </Rows>
            ) : (
              <EmptyState icon="alert" title={t('empty')}>
                {t('empty-text')}
              </EmptyState>
            )
          }
        </Settled>
      </Panel>
      <Suspense>
        {adding && query.data ? <AddMethod ways={query.data.ways} onClose={() => setAdding(false)} /> : null}
        {proving ? <ProveMethod method={proving} onClose={() => setProving(undefined)} /> : null}
        {removing ? <Remove method={removing} onClose={() => setRemoving(undefined)} /> : null}
      </Suspense>
    </>
  )
}
