/** The clusters of an environment. */
import { useMutation } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { Button } from '../../parts/Button.tsx'
import { Panel } from '../../parts/Page.tsx'
import { Row, Rows } from '../../parts/Rows.tsx'
import { toast, toastFailure } from '../../parts/Toast.tsx'
import { api } from '../../shell/api.ts'
import { queryClient } from '../../shell/query-client.ts'
import { useMay } from '../../shell/session.ts'
import type { EnvironmentRow } from './queries.ts'
import { t } from './words.ts'

const AddCluster = lazy(() => import('./AddCluster.tsx'))

export const Clusters = ({ environment }: { environment: EnvironmentRow }) => {
  const may = useMay()
  const [adding, setAdding] = useState(false)
  const mayChange = may('environments.change')
  const archive = useMutation({
    mutationFn: (cluster: EnvironmentRow['clusters'][number]) =>
      api('POST /api/clusters/:clusterId/archive', { clusterId: cluster.id }),
    onSuccess: (_, cluster) => {
      void queryClient.invalidateQueries({ queryKey: ['environments'] })
      toast({ text: t('cluster-archived', cluster) })
    },
    onError: toastFailure,
  })
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
                    busy={archive.isPending}
                    onClick={() => archive.mutate(cluster)}
                  >
                    {t('archive')}
                  </Button>
                ) : null
              }
            />
          ))}
        </Rows>
      )}
      <Suspense>
        {adding ? <AddCluster environment={environment.slug} onClose={() => setAdding(false)} /> : null}
      </Suspense>
    </Panel>
  )
}
