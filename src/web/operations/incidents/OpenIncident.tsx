/** Opening an incident when no alert said anything. */
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { FormEvent } from 'react'
import { Button } from '../../parts/Button.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { useDraft } from '../../parts/draft.ts'
import { ErrorNote } from '../../parts/ErrorNote.tsx'
import { FormActions, TextField } from '../../parts/Field.tsx'
import form from '../../parts/Form.module.css'
import { EnvironmentField } from '../../people/environments/EnvironmentField.tsx'
import { api } from '../../shell/api.ts'
import { isFailure } from '../../shell/failure.ts'
import { queryClient } from '../../shell/query-client.ts'
import { incidentQuery } from './queries.ts'
import { SeverityField, severityOf } from './SeverityField.tsx'
import { t } from './words.ts'

const OpenIncident = ({
  environment,
  onClose,
}: {
  environment?: string | undefined
  onClose: () => void
}) => {
  const navigate = useNavigate()
  const { draft, set, field } = useDraft({ environment: environment ?? '', title: '', severity: '3' })
  const open = useMutation({
    mutationFn: () =>
      api('POST /api/incidents', {
        environment: draft.environment,
        title: draft.title,
        severity: severityOf(draft.severity),
      }),
    onSuccess: (incident) => {
      queryClient.setQueryData(incidentQuery(incident.id).queryKey, incident)
      void queryClient.invalidateQueries({ queryKey: ['incidents'] })
      onClose()
      void navigate({ to: '/incidents/$incidentId', params: { incidentId: incident.id } })
    },
  })
  const faults = isFailure(open.error) ? open.error.fields : {}
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    open.mutate()
  }
  return (
    <Dialog open onClose={onClose} title={t('open-title')} explanation={t('open-text')}>
      <form onSubmit={submit} className={form.form}>
        <EnvironmentField
          value={draft.environment}
          onChange={(slug) => set({ environment: slug })}
          fault={faults['environment']}
        />
        <TextField
          label={t('open-what')}
          required
          maxLength={300}
          fault={faults['title']}
          {...field('title')}
        />
        <SeverityField {...field('severity')} />
        {open.error ? <ErrorNote error={open.error} small /> : null}
        <FormActions>
          <Button type="submit" tone="primary" busy={open.isPending}>
            {t('open-do')}
          </Button>
        </FormActions>
      </form>
    </Dialog>
  )
}
export default OpenIncident
