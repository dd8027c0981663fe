/** Rings a drill at once. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { FormEvent } from 'react'
import { Button } from '../../../parts/Button.tsx'
import { Dialog } from '../../../parts/Dialog.tsx'
import { useDraft } from '../../../parts/draft.ts'
import { ErrorNote } from '../../../parts/ErrorNote.tsx'
import { FormActions, Select } from '../../../parts/Field.tsx'
import form from '../../../parts/Form.module.css'
import { toast } from '../../../parts/Toast.tsx'
import { EnvironmentField } from '../../../people/environments/EnvironmentField.tsx'
import { api } from '../../../shell/api.ts'
import { queryClient } from '../../../shell/query-client.ts'
import { provenQuery } from './queries.ts'
import { t } from './words.ts'

const POLICY = ''

const RingDrill = ({ onClose }: { onClose: () => void }) => {
  const navigate = useNavigate()
  const people = useQuery(provenQuery).data?.people ?? []
  const { draft, set, field } = useDraft({ environment: '', whom: POLICY })
  const ring = useMutation({
    mutationFn: () =>
      api('POST /api/drills', {
        environment: draft.environment,
        ...(draft.whom === POLICY ? {} : { person: draft.whom }),
      }),
    onSuccess: (drill) => {
      void queryClient.invalidateQueries({ queryKey: ['drills'] })
      toast({ text: t('rang') })
      onClose()
      void navigate({ to: '/on-call', search: { view: 'drills', drill: drill.id } })
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (!ring.isPending) ring.mutate()
  }
  return (
    <Dialog open onClose={onClose} title={t('ring-title')} explanation={t('ring-text')}>
      <form className={form.form} onSubmit={submit}>
        <EnvironmentField value={draft.environment} onChange={(environment) => set({ environment })} />
        <Select
          label={t('ring-whom')}
          choices={[
            { value: POLICY, label: t('by-policy') },
            ...people.map(({ person }) => ({ value: person.id, label: person.name })),
          ]}
          {...field('whom')}
        />
        {ring.error ? <ErrorNote error={ring.error} small /> : null}
        <FormActions>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" tone="primary" busy={ring.isPending} disabled={draft.environment === ''}>
            {t('ring')}
          </Button>
        </FormActions>
      </form>
    </Dialog>
  )
}
export default RingDrill
