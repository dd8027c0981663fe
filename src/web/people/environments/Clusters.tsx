/** The clusters of an environment. */
import { useMutation } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { Button } from '../../parts/Button.tsx'
import { Panel } from '../../parts/Page.tsx'
import { Row, Rows } from '../../parts/Rows.tsx'
import { toast } from '../../parts/Toast.tsx'
import { api } from '../../shell/api.ts'
import { queryClient } from '../../shell/query-client.ts'
import { useMay } from '../../shell/session.ts'
import type { Cluster } from './cluster-draft.ts'
import type { EnvironmentRow } from './queries.ts'
import { t } from './words.ts'

const AddCluster = lazy(() => import('./AddCluster.tsx'))
const EditCluster = lazy(() => import('./EditCluster.tsx'))
const Confirm = lazy(() => import('../../parts/Confirm.tsx'))

const Archive = ({ cluster, onClose }: { cluster: Cluster; onClose: () => void }) => {
  const archive = useMutation({
    mutationFn: () => api('POST /api/clusters/:clusterId/archive', { clusterId: cluster.id }),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ['environments'] })
      toast({ text: t('cluster-archived', cluster) })
      onClose()
    },
  })
  return (
    <Confirm
      title={t('cluster-archive-title', cluster)}
      explanation={t('cluster-archive-text')}
      action={t('archive')}
      busy={archive.isPending}
      error={archive.error}
      onConfirm={() => archive.mutate()}
      onClose={onClose}
    />
  )
}

export const Clusters = ({ environment }: { environment: EnvironmentRow }) => {
  const may = useMay()
  const [adding, setAdding] = useState(false)
  const mayChange = may('environments.change')
  const [editing, setEditing] = useState<string>()
  const [archiving, setArchiving] = useState<Cluster>()
  // As it is now: a change by somebody else reaches the open form.
  const edited = environment.clusters.find(({ id }) => id === editing)
  return (
    <Panel
      title={t('clusters')}
      flush={environment.clusters.length > 0}
      actions={
        mayChange ? (
          <Button size="small" tone="quiet" icon="plus" onClick={() => setAdding(true)}>
            {t('add-cluster')}
          </Button>
        ) : null
      }
    >
      {environment.clusters.length === 0 ? (
        <p className="dim">{t('no-clusters')}</p>
      ) : (
        <Rows label={t('clusters')}>
          {environment.clusters.map((cluster) => (
            <Row
              key={cluster.id}
              stacked
              title={cluster.name}
              note={[t(`role-${cluster.role}`), cluster.version].filter(Boolean).join(' · ')}
              end={
                mayChange ? (
                  <Button
                    size="small"
                    tone="quiet"
                    aria-label={t('edit-title', { slug: cluster.name })}
                    onClick={() => setEditing(cluster.id)}
                  >
                    {t('edit')}
                  </Button>
                ) : null
              }
            />
          ))}
        </Rows>
      )}
      <Suspense>
        {adding ? <AddCluster environment={environment.slug} onClose={() => setAdding(false)} /> : null}
        {edited ? (
          <EditCluster
            key={edited.id}
            cluster={edited}
            onClose={() => setEditing(undefined)}
            onArchive={() => {
              setEditing(undefined)
              setArchiving(edited)
            }}
          />
        ) : null}
        {archiving ? <Archive cluster={archiving} onClose={() => setArchiving(undefined)} /> : null}
      </Suspense>
    </Panel>
  )
}
