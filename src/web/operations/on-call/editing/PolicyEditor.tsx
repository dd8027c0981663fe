/** Making and changing an escalation policy: the address of the form, and what it needs before it can be filled in. */
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { EmptyState } from '../../../parts/EmptyState.tsx'
import { ErrorNote } from '../../../parts/ErrorNote.tsx'
import { Columns, Page } from '../../../parts/Page.tsx'
import { SkeletonLines } from '../../../parts/Skeleton.tsx'
import { useMay } from '../../../shell/session.ts'
import { policyQuery } from '../queries.ts'
import { PolicyForm } from './PolicyForm.tsx'
import { t } from './words.ts'

const route = getRouteApi('/frame/on-call/policies/$policy')
const crumbs = () => [
  { label: t('escalation'), link: { to: '/on-call', search: { view: 'escalation' } } as const },
]

export const NewPolicy = () => {
  const may = useMay()
  return (
    <Page title={t('new-policy')} crumbs={crumbs()}>
      {may('on-call.change') ? <PolicyForm /> : <EmptyState icon="lock" title={t('not-allowed')} />}
    </Page>
  )
}

export const EditPolicy = () => {
  const { policy } = route.useParams()
  const { data, error, refetch } = useQuery(policyQuery(policy))
  if (!data)
    return (
      <Page title={t('escalation')} crumbs={crumbs()}>
        <Columns>
          {error ? <ErrorNote error={error} onRetry={refetch} /> : <SkeletonLines lines={8} />}
        </Columns>
      </Page>
    )
  return (
    <Page title={t('edit-policy', { name: data.name })} crumbs={crumbs()}>
      {data.can.change ? (
        <PolicyForm key={data.id} latest={data} />
      ) : (
        <EmptyState icon="lock" title={t('not-allowed')} />
      )}
    </Page>
  )
}
