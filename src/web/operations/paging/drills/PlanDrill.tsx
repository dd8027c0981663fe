/** Plans a drill of every week. */
import { useMutation, useQuery } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { longWeekday } from '../../../messages/format.ts'
import { Button } from '../../../parts/Button.tsx'
import { Dialog } from '../../../parts/Dialog.tsx'
import { useDraft } from '../../../parts/draft.ts'
import { ErrorNote } from '../../../parts/ErrorNote.tsx'
import { FormActions, Select, TextField } from '../../../parts/Field.tsx'
import form from '../../../parts/Form.module.css'
import { useReader } from '../../../parts/reader.ts'
import { toast } from '../../../parts/Toast.tsx'
import { EnvironmentField } from '../../../people/environments/EnvironmentField.tsx'
import { api } from '../../../shell/api.ts'
import { queryClient } from '../../../shell/query-client.ts'
import { provenQuery, type Plan } from './queries.ts'
import { t } from './words.ts'

const DAYS = [1, 2, 3, 4, 5, 6, 7] as const

const PlanDrill = ({ onClose }: { onClose: () => void }) => {
  const reader = useReader()
  const people = useQuery(provenQuery).data?.people ?? []
  const { draft, set, field } = useDraft({ environment: '', whom: 'policy', weekday: '2', time: '10:00' })
  const plan = useMutation({
    mutationFn: () =>
      api('PUT /api/drill-plans', {
        environment: draft.environment,
        whom: draft.whom,
        weekday: Number(draft.weekday) as Plan['weekday'],
        time: draft.time,
        zone: reader.zone,
      }),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ['drills'] })
      toast({ text: t('planned') })
      onClose()
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    plan.mutate()
  }
  return (
    <Dialog open onClose={onClose} title={t('plan-title')} explanation={t('plan-text')}>
      <form className={form.form} onSubmit={submit}>
        <EnvironmentField value={draft.environment} onChange={(environment) => set({ environment })} />
        <Select
          label={t('ring-whom')}
          choices={[
            { value: 'policy', label: t('by-policy') },
            { value: 'everybody', label: t('everybody') },
            ...people.map(({ person }) => ({ value: person.id, label: person.name })),
          ]}
          {...field('whom')}
        />
        <div className={form.pair}>
          <Select
            label={t('day')}
            choices={DAYS.map((day) => ({ value: String(day), label: longWeekday(day, reader) }))}
            {...field('weekday')}
          />
          <TextField label={t('time')} type="time" required hint={reader.zone} {...field('time')} />
        </div>
        {plan.error ? <ErrorNote error={plan.error} small /> : null}
        <FormActions>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" tone="primary" busy={plan.isPending} disabled={draft.environment === ''}>
            {t('save')}
          </Button>
        </FormActions>
      </form>
    </Dialog>
  )
}
export default PlanDrill
