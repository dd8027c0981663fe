/** Recording a decision before the change. */
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { FormEvent } from 'react'
import { Button } from '../../parts/Button.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { useDraft } from '../../parts/draft.ts'
import { ErrorNote } from '../../parts/ErrorNote.tsx'
import { FormActions } from '../../parts/Field.tsx'
import form from '../../parts/Form.module.css'
import { useReader } from '../../parts/reader.ts'
import { toast } from '../../parts/Toast.tsx'
import { api } from '../../shell/api.ts'
import { isFailure } from '../../shell/failure.ts'
import { queryClient } from '../../shell/query-client.ts'
import { CooperationFields, cooperationOf, type CooperationDraft } from './CooperationFields.tsx'
import { EnvironmentField } from '../../people/environments/EnvironmentField.tsx'
import { decisionQuery } from './queries.ts'
import { emptyTerms, termsOf, type TermsDraft } from './terms-draft.ts'
import { TermsFields } from './TermsFields.tsx'
import { t } from './words.ts'

type Draft = TermsDraft & CooperationDraft & { readonly environment: string }

const NewDecision = ({
  environment,
  incidentId,
  alertId,
  onClose,
}: {
  environment?: string | undefined
  incidentId?: string | undefined
  alertId?: string | undefined
  onClose: () => void
}) => {
  const { zone } = useReader()
  const navigate = useNavigate()
  const { draft, set } = useDraft<Draft>({
    ...emptyTerms,
    how: 'internal',
    contactIds: [],
    environment: environment ?? '',
  })
  const record = useMutation({
    mutationFn: () => {
      const cooperation = cooperationOf(draft)
      return api('POST /api/decisions', {
        ...termsOf(draft, zone),
        environment: draft.environment,
        ...(cooperation ? { cooperation } : {}),
        ...(incidentId ? { incidentId } : {}),
        ...(alertId ? { alertId } : {}),
      })
    },
    onSuccess: (decision) => {
      queryClient.setQueryData(decisionQuery(decision.id).queryKey, decision)
      void queryClient.invalidateQueries({ queryKey: ['decisions'] })
      toast({
        text: t('done', {
          number: decision.number,
          what: t(decision.status === 'decided' ? 'made-decided' : 'made-proposed'),
        }),
      })
      onClose()
      // From an incident one stays in it.
      if (!incidentId) void navigate({ to: '/decisions/$decisionId', params: { decisionId: decision.id } })
    },
  })
  const faults = isFailure(record.error) ? record.error.fields : {}
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    record.mutate()
  }
  return (
    <Dialog open onClose={onClose} title={t('make-title')} explanation={t('make-text')} wide>
      <form onSubmit={submit} className={form.form}>
        {environment && incidentId ? null : (
          <EnvironmentField
            value={draft.environment}
            onChange={(slug) => set({ environment: slug })}
            fault={faults['environment']}
          />
        )}
        <TermsFields draft={draft} set={set} faults={faults} />
        <CooperationFields
          draft={draft}
          set={set}
          environment={draft.environment}
          mayWait
          fault={faults['cooperation']}
        />
        {record.error ? <ErrorNote error={record.error} small /> : null}
        <FormActions>
          <Button type="submit" tone="primary" busy={record.isPending}>
            {draft.how === 'later' ? t('propose') : t('decide-now')}
          </Button>
        </FormActions>
      </form>
    </Dialog>
  )
}
export default NewDecision
