/** Opening a flagged decision for a change that cannot wait. */
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { FormEvent } from 'react'
import { dayAndTime } from '../../messages/format.ts'
import { Button } from '../../parts/Button.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { useDraft } from '../../parts/draft.ts'
import { ErrorNote } from '../../parts/ErrorNote.tsx'
import { FormActions, TextArea } from '../../parts/Field.tsx'
import form from '../../parts/Form.module.css'
import { useReader } from '../../parts/reader.ts'
import { toast } from '../../parts/Toast.tsx'
import { api } from '../../shell/api.ts'
import { isFailure } from '../../shell/failure.ts'
import { queryClient } from '../../shell/query-client.ts'
import { EnvironmentField } from '../../people/environments/EnvironmentField.tsx'
import { t } from './words.ts'

const BreakGlass = ({
  environment,
  incidentId,
  onClose,
}: {
  environment?: string | undefined
  incidentId?: string | undefined
  onClose: () => void
}) => {
  const reader = useReader()
  const navigate = useNavigate()
  const { draft, set, field } = useDraft({ environment: environment ?? '', why: '' })
  const open = useMutation({
    mutationFn: () =>
      api('POST /api/decisions/break-glass', { ...draft, ...(incidentId ? { incidentId } : {}) }),
    onSuccess: (decision) => {
      void queryClient.invalidateQueries({ queryKey: ['decisions'] })
      toast({
        text: t('glass-broken', {
          number: decision.number,
          when: decision.glass ? dayAndTime(decision.glass.writeUpBy, reader) : '',
        }),
      })
      onClose()
      if (!incidentId) void navigate({ to: '/decisions/$decisionId', params: { decisionId: decision.id } })
    },
  })
  const faults = isFailure(open.error) ? open.error.fields : {}
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    open.mutate()
  }
  return (
    <Dialog open onClose={onClose} title={t('glass-title')} explanation={t('glass-text')}>
      <form onSubmit={submit} className={form.form}>
        <EnvironmentField
          value={draft.environment}
          onChange={(slug) => set({ environment: slug })}
          fault={faults['environment']}
        />
        <TextArea label={t('glass-why')} required fault={faults['why']} {...field('why')} />
        {open.error ? <ErrorNote error={open.error} small /> : null}
        <FormActions>
          <Button type="submit" tone="danger" busy={open.isPending}>
            {t('glass-do')}
          </Button>
        </FormActions>
      </form>
    </Dialog>
  )
}
export default BreakGlass
