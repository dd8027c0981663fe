/** Adding a customer. */
import { useMutation } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { Button } from '../../parts/Button.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { useDraft } from '../../parts/draft.ts'
import { ErrorNote } from '../../parts/ErrorNote.tsx'
import { FormActions, TextField } from '../../parts/Field.tsx'
import form from '../../parts/Form.module.css'
import { toast } from '../../parts/Toast.tsx'
import { api } from '../../shell/api.ts'
import { isFailure } from '../../shell/failure.ts'
import { queryClient } from '../../shell/query-client.ts'
import { t } from '../environments/words.ts'

const AddCustomer = ({ onClose }: { onClose: () => void }) => {
  const { draft, field } = useDraft({ name: '', slug: '' })
  const add = useMutation({
    mutationFn: () => api('POST /api/customers', draft),
    onSuccess: (customer) => {
      void queryClient.invalidateQueries({ queryKey: ['customers'] })
      toast({ text: t('customer-added', customer) })
      onClose()
    },
  })
  const faults = isFailure(add.error) ? add.error.fields : {}
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    add.mutate()
  }
  return (
    <Dialog open onClose={onClose} title={t('add-customer')}>
      <form onSubmit={submit} className={form.form}>
        <TextField label={t('name')} required maxLength={100} fault={faults['name']} {...field('name')} />
        <TextField
          label={t('slug')}
          hint={t('slug-hint')}
          required
          mono
          fault={faults['slug']}
          {...field('slug')}
        />
        {add.error ? <ErrorNote error={add.error} small /> : null}
        <FormActions>
          <Button type="submit" tone="primary" busy={add.isPending}>
            {t('add-customer')}
          </Button>
        </FormActions>
      </form>
    </Dialog>
  )
}
export default AddCustomer
