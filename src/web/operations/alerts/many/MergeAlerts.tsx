/** Alerts into one incident of their environment: one that goes on, or a new one. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useDraft } from '../../../parts/draft.ts'
import { Select, TextField } from '../../../parts/Field.tsx'
import { toast, toastFailure } from '../../../parts/Toast.tsx'
import { api } from '../../../shell/api.ts'
import { queryClient } from '../../../shell/query-client.ts'
import type { AlertRow } from '../queries.ts'
import { VerbForm } from '../verbs/VerbForm.tsx'
import { t } from '../words.ts'

type Merged = Pick<AlertRow, 'id' | 'name' | 'environment'>

const refresh = (): void => {
  void queryClient.invalidateQueries({ queryKey: ['alerts'] })
  void queryClient.invalidateQueries({ queryKey: ['incidents'] })
}

const takeOut = (incidentId: string, alertIds: readonly string[]): void =>
  void api('POST /api/incidents/:incidentId/commands', {
    incidentId,
    kind: 'remove-alerts',
    alertIds: [...alertIds],
  })
    .catch(toastFailure)
    .finally(refresh)

const NEW = ''

/** Those that were in it before stay in it when the merging is taken back. */
const addTo = async (incidentId: string, alertIds: readonly string[]) => {
  const before = await api('GET /api/incidents/:incidentId', { incidentId })
  const known = new Set(before.alerts.map(({ id }) => id))
  const added = alertIds.filter((id) => !known.has(id))
  const { number } =
    added.length === 0
      ? before
      : await api('POST /api/incidents/:incidentId/commands', {
          incidentId,
          kind: 'add-alerts',
          alertIds: [...alertIds],
        })
  return { id: incidentId, number, added }
}

const useMerge = (alerts: readonly Merged[], onDone: () => void) => {
  const navigate = useNavigate()
  const alertIds = alerts.map(({ id }) => id)
  return useMutation({
    mutationFn: async ({ into, title }: { into: string; title: string }) => {
      if (into !== NEW) return { ...(await addTo(into, alertIds)), isNew: false }
      const { id, number } = await api('POST /api/incidents', { alertIds, ...(title ? { title } : {}) })
      return { id, number, added: alertIds, isNew: true }
    },
    onSuccess: ({ id, number, added, isNew }) => {
      refresh()
      onDone()
      toast({
        text: t('merged', { count: alertIds.length, number }),
        ...(isNew || added.length === 0 ? {} : { undo: () => takeOut(id, added) }),
      })
      if (isNew) void navigate({ to: '/incidents/$incidentId', params: { incidentId: id } })
    },
  })
}

const MergeAlerts = ({
  alerts,
  whom,
  onDone,
  onClose,
}: {
  alerts: readonly Merged[]
  whom: string
  /** Called when it is done, before the dialog is gone. */
  onDone?: () => void
  onClose: () => void
}) => {
  const { draft, field } = useDraft({ into: NEW, title: '' })
  const [environment, ...others] = new Set(alerts.map((alert) => alert.environment.slug))
  const incidents = useQuery({
    queryKey: ['incidents', 'to-merge', environment],
    queryFn: ({ signal }) =>
      api(
        'GET /api/incidents',
        { status: 'unresolved', environment: environment ?? '', limit: 50 },
        { signal },
      ),
    enabled: others.length === 0,
  })
  const merge = useMerge(alerts, () => {
    onDone?.()
    onClose()
  })
  return (
    <VerbForm
      title={t('merge-title', { whom })}
      explanation={t(others.length > 0 ? 'merge-several' : 'merge-text')}
      action={t('merge-do')}
      busy={merge.isPending}
      error={merge.error}
      ready={others.length === 0}
      onSend={() => merge.mutate({ into: draft.into, title: draft.title.trim() })}
      onClose={onClose}
    >
      <Select
        label={t('merge-into')}
        {...field('into')}
        choices={[
          { value: NEW, label: t('merge-new') },
          ...(incidents.data?.rows ?? []).map(({ id, number, title }) => ({
            value: id,
            label: `${number} ${title}`,
          })),
        ]}
      />
      {draft.into === NEW ? (
        <TextField label={t('merge-name')} hint={t('merge-name-hint')} maxLength={300} {...field('title')} />
      ) : null}
    </VerbForm>
  )
}
export default MergeAlerts
