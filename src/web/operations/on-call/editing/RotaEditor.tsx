/** Making and changing a rota: the address of the form, and what it needs before it can be filled in. */
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { EmptyState } from '../../../parts/EmptyState.tsx'
import { ErrorNote } from '../../../parts/ErrorNote.tsx'
import { Columns, Page } from '../../../parts/Page.tsx'
import { SkeletonLines } from '../../../parts/Skeleton.tsx'
import { useMay } from '../../../shell/session.ts'
import { scheduleQuery } from '../queries.ts'
import { RotaForm } from './RotaForm.tsx'
import { t } from './words.ts'

const route = getRouteApi('/frame/on-call/rotas/$schedule')
const crumbs = () => [{ label: t('on-call'), link: { to: '/on-call' } as const }]

export const NewRota = () => {
  const may = useMay()
  return (
    <Page title={t('new-rota')} crumbs={crumbs()}>
      {may('on-call.change') ? <RotaForm /> : <EmptyState icon="lock" title={t('not-allowed')} />}
    </Page>
  )
}

export const EditRota = () => {
  const { schedule } = route.useParams()
  const { data, error, refetch } = useQuery(scheduleQuery(schedule))
  if (!data)
    return (
      <Page title={t('rotation')} crumbs={crumbs()}>
        <Columns>
          {error ? <ErrorNote error={error} onRetry={refetch} /> : <SkeletonLines lines={8} />}
        </Columns>
      </Page>
    )
  return (
    <Page title={t('edit-rota', { name: data.name })} crumbs={crumbs()}>
      {data.can.change ? (
        <RotaForm key={data.id} latest={data} />
      ) : (
        <EmptyState icon="lock" title={t('not-allowed')} />
      )}
    </Page>
  )
}
