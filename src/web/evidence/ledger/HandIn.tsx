/** Comparing a checkpoint that somebody outside has kept. */
import { useMutation } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { Badge } from '../../parts/Badge.tsx'
import { Button } from '../../parts/Button.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { useDraft } from '../../parts/draft.ts'
import { ErrorNote } from '../../parts/ErrorNote.tsx'
import { FormActions, TextArea } from '../../parts/Field.tsx'
import form from '../../parts/Form.module.css'
import { api } from '../../shell/api.ts'
import { isFailure } from '../../shell/failure.ts'
import { queryClient } from '../../shell/query-client.ts'
import { t } from '../words.ts'

const HandIn = ({ onClose }: { onClose: () => void }) => {
  const { draft, field } = useDraft({ note: '' })
  const compare = useMutation({
    mutationFn: () => api('POST /api/evidence/heads', draft),
    onSuccess: () => void queryClient.invalidateQueries({ queryKey: ['evidence'] }),
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    compare.mutate()
  }
  return (
    <Dialog open onClose={onClose} title={t('hand-in-title')} explanation={t('hand-in-text')} wide>
      <form onSubmit={submit} className={form.form}>
        <TextArea
          label={t('hand-in-note')}
          required
          rows={7}
          spellCheck={false}
          fault={isFailure(compare.error) ? compare.error.fields['note'] : undefined}
          {...field('note')}
        />
        {compare.error ? <ErrorNote error={compare.error} small /> : null}
        {compare.data ? (
          <Badge tone={compare.data.verdict === 'held' ? 'green' : 'red'}>
            {compare.data.verdict === 'held'
              ? t('verdict-held', { size: compare.data.size })
              : t('verdict-contradicts')}
          </Badge>
        ) : null}
        <FormActions>
          <Button type="submit" tone="primary" busy={compare.isPending}>
            {t('hand-in-do')}
          </Button>
        </FormActions>
      </form>
    </Dialog>
  )
}
export default HandIn
