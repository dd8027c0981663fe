/** Changing what is recorded about an environment. */
import { useMutation } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { Button } from '../../parts/Button.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { useDraft } from '../../parts/draft.ts'
import { ErrorNote } from '../../parts/ErrorNote.tsx'
import { FormActions } from '../../parts/Field.tsx'
import form from '../../parts/Form.module.css'
import { toast } from '../../parts/Toast.tsx'
import { api } from '../../shell/api.ts'
import { isFailure } from '../../shell/failure.ts'
import { queryClient } from '../../shell/query-client.ts'
import { environmentDraftOf, environmentFieldsOf } from './environment-draft.ts'
import { EnvironmentFields } from './EnvironmentFields.tsx'
import { environmentQuery, type EnvironmentRow } from './queries.ts'
import { t } from './words.ts'

const EditEnvironment = ({ environment, onClose }: { environment: EnvironmentRow; onClose: () => void }) => {
  const { slug } = environment
  const { draft, field } = useDraft(() => environmentDraftOf(environment))
  const save = useMutation({
    mutationFn: () =>
      api('PATCH /api/environments/:environment', { environment: slug, ...environmentFieldsOf(draft) }),
    onSuccess: (changed) => {
      queryClient.setQueryData(environmentQuery(slug).queryKey, changed)
      void queryClient.invalidateQueries({ queryKey: ['environments'] })
      toast({ text: t('saved', { slug }) })
      onClose()
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    save.mutate()
  }
  return (
    <Dialog open onClose={onClose} title={t('edit-title', { slug })} wide>
      <form onSubmit={submit} className={form.form}>
        <EnvironmentFields field={field} faults={isFailure(save.error) ? save.error.fields : {}} />
        {save.error ? <ErrorNote error={save.error} small /> : null}
        <FormActions>
          <Button type="submit" tone="primary" busy={save.isPending}>
            {t('save')}
          </Button>
        </FormActions>
      </form>
    </Dialog>
  )
}
export default EditEnvironment
