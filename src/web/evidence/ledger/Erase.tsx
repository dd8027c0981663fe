/** Removing words for good while the proof stays valid. */
import { useMutation } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { Button } from '../../parts/Button.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { useDraft } from '../../parts/draft.ts'
import { ErrorNote } from '../../parts/ErrorNote.tsx'
import { Checkbox, FormActions, TextArea } from '../../parts/Field.tsx'
import form from '../../parts/Form.module.css'
import { toast } from '../../parts/Toast.tsx'
import { api } from '../../shell/api.ts'
import { isFailure } from '../../shell/failure.ts'
import { queryClient } from '../../shell/query-client.ts'
import type { Entry } from '../queries.ts'
import { t } from '../words.ts'

const Erase = ({ entry, onClose }: { entry: Entry; onClose: () => void }) => {
  const { draft, set, field } = useDraft<{ fields: readonly string[]; reason: string }>({
    fields: [],
    reason: '',
  })
  const erase = useMutation({
    mutationFn: () =>
      api('POST /api/evidence/erasures', {
        eventId: entry.id,
        fields: [...draft.fields],
        reason: draft.reason,
      }),
    onSuccess: ({ fields }) => {
      void queryClient.invalidateQueries()
      toast({ text: t('erased-done', { count: fields.length }) })
      onClose()
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    erase.mutate()
  }
  return (
    <Dialog open onClose={onClose} title={t('erase-title', entry)} explanation={t('erase-text')}>
      <form onSubmit={submit} className={form.form}>
        <fieldset className={form.form}>
          <legend className={form.legend}>{t('erase-fields')}</legend>
          {entry.values.map(({ name }) => (
            <Checkbox
              key={name}
              label={name}
              checked={draft.fields.includes(name)}
              onChange={(event) =>
                set({
                  fields: event.target.checked
                    ? [...draft.fields, name]
                    : draft.fields.filter((one) => one !== name),
                })
              }
            />
          ))}
        </fieldset>
        <TextArea
          label={t('erase-reason')}
          hint={t('erase-reason-hint')}
          required
          fault={isFailure(erase.error) ? erase.error.fields['reason'] : undefined}
          {...field('reason')}
        />
        {erase.error ? <ErrorNote error={erase.error} small /> : null}
        <FormActions>
          <Button type="submit" tone="danger" disabled={draft.fields.length === 0} busy={erase.isPending}>
            {t('erase')}
          </Button>
        </FormActions>
      </form>
    </Dialog>
  )
}
export default Erase
