/** Adding an environment of a customer. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { FormEvent } from 'react'
import { Button } from '../../parts/Button.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { useDraft } from '../../parts/draft.ts'
import { ErrorNote } from '../../parts/ErrorNote.tsx'
import { FormActions, Select, TextField } from '../../parts/Field.tsx'
import form from '../../parts/Form.module.css'
import { toast } from '../../parts/Toast.tsx'
import { api } from '../../shell/api.ts'
import { isFailure } from '../../shell/failure.ts'
import { queryClient } from '../../shell/query-client.ts'
import { emptyEnvironment, environmentFieldsOf } from './environment-draft.ts'
import { EnvironmentFields } from './EnvironmentFields.tsx'
import { customersQuery } from './queries.ts'
import { t } from './words.ts'

const AddEnvironment = ({ onClose }: { onClose: () => void }) => {
  const navigate = useNavigate()
  const customers = useQuery(customersQuery).data?.rows ?? []
  const { draft, field } = useDraft({ ...emptyEnvironment, customer: '', slug: '' })
  const add = useMutation({
    mutationFn: () =>
      api('POST /api/environments', {
        ...environmentFieldsOf(draft),
        customer: draft.customer,
        slug: draft.slug,
      }),
    onSuccess: ({ slug }) => {
      void queryClient.invalidateQueries({ queryKey: ['environments'] })
      toast({ text: t('environment-added', { slug }) })
      onClose()
      void navigate({ to: '/environments/$environment', params: { environment: slug } })
    },
  })
  const faults = isFailure(add.error) ? add.error.fields : {}
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    add.mutate()
  }
  return (
    <Dialog open onClose={onClose} title={t('add-environment')} wide>
      <form onSubmit={submit} className={form.form}>
        <div className={form.pair}>
          <Select
            label={t('customer')}
            required
            fault={faults['customer']}
            {...field('customer')}
            choices={[
              { value: '', label: '–' },
              ...customers.map(({ slug, name }) => ({ value: slug, label: name })),
            ]}
          />
          <TextField
            label={t('slug')}
            hint={t('slug-hint')}
            required
            mono
            fault={faults['slug']}
            {...field('slug')}
          />
        </div>
        <EnvironmentFields field={field} faults={faults} />
        {add.error ? <ErrorNote error={add.error} small /> : null}
        <FormActions>
          <Button type="submit" tone="primary" busy={add.isPending}>
            {t('add-environment')}
          </Button>
        </FormActions>
      </form>
    </Dialog>
  )
}
export default AddEnvironment
