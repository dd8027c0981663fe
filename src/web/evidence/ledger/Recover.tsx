/** The recovery ceremony: somebody answers, by name and in words, for heads that are lost here. */
import { useMutation } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { Button } from '../../parts/Button.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { useDraft } from '../../parts/draft.ts'
import { ErrorNote } from '../../parts/ErrorNote.tsx'
import { FormActions, TextArea, TextField } from '../../parts/Field.tsx'
import form from '../../parts/Form.module.css'
import { toast } from '../../parts/Toast.tsx'
import { api } from '../../shell/api.ts'
import { isFailure } from '../../shell/failure.ts'
import { queryClient } from '../../shell/query-client.ts'
import type { Ledger } from '../queries.ts'
import { t } from '../words.ts'

const Recover = ({ ledger, onClose }: { ledger: Ledger; onClose: () => void }) => {
  const { draft, field } = useDraft({ reason: '', typed: '' })
  const word = t('recover-word')
  const recover = useMutation({
    mutationFn: () =>
      api('POST /api/evidence/recovery', {
        reason: draft.reason,
        heads: ledger.contradictions.map(({ log, size, root }) => ({ log, size, root })),
      }),
    onSuccess: ({ recovered }) => {
      void queryClient.invalidateQueries({ queryKey: ['evidence'] })
      toast({ text: t('recovered', { count: recovered.length }) })
      onClose()
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    recover.mutate()
  }
  return (
    <Dialog open onClose={onClose} title={t('recover-title')} explanation={t('recover-text')}>
      <form onSubmit={submit} className={form.form}>
        <TextArea
          label={t('recover-reason')}
          required
          fault={isFailure(recover.error) ? recover.error.fields['reason'] : undefined}
          {...field('reason')}
        />
        <TextField label={t('recover-type', { word })} required autoComplete="off" {...field('typed')} />
        {recover.error ? <ErrorNote error={recover.error} small /> : null}
        <FormActions>
          <Button type="submit" tone="danger" disabled={draft.typed.trim() !== word} busy={recover.isPending}>
            {t('recover')}
          </Button>
        </FormActions>
      </form>
    </Dialog>
  )
}
export default Recover
