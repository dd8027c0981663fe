/** Telling the customer what was done, in words made for them. */
import { useMutation } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { Button } from '../../parts/Button.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { useDraft } from '../../parts/draft.ts'
import { ErrorNote } from '../../parts/ErrorNote.tsx'
import { FormActions, TextArea } from '../../parts/Field.tsx'
import form from '../../parts/Form.module.css'
import { toast } from '../../parts/Toast.tsx'
import { api } from '../../shell/api.ts'
import { isFailure } from '../../shell/failure.ts'
import { queryClient } from '../../shell/query-client.ts'
import { entryQuery, type EntryDetail } from './queries.ts'
import { t } from './words.ts'

const Release = ({ entry, onClose }: { entry: EntryDetail; onClose: () => void }) => {
  const { draft, field } = useDraft({ summary: entry.releasedSummary ?? entry.summary })
  const release = useMutation({
    mutationFn: () => api('POST /api/operator-log/:entryId/release', { entryId: entry.id, ...draft }),
    onSuccess: (changed) => {
      queryClient.setQueryData(entryQuery(entry.id).queryKey, changed)
      void queryClient.invalidateQueries({ queryKey: ['operator-log'] })
      toast({ text: t('release-done') })
      onClose()
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    release.mutate()
  }
  return (
    <Dialog open onClose={onClose} title={t('release-title')} explanation={t('release-text')}>
      <form onSubmit={submit} className={form.form}>
        <TextArea
          label={t('release-summary')}
          required
          fault={isFailure(release.error) ? release.error.fields['summary'] : undefined}
          {...field('summary')}
        />
        {release.error ? <ErrorNote error={release.error} small /> : null}
        <FormActions>
          <Button type="submit" tone="primary" busy={release.isPending}>
            {t('release-do')}
          </Button>
        </FormActions>
      </form>
    </Dialog>
  )
}
export default Release
