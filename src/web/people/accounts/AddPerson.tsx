/** Adding a colleague or a contact; they set their own password by an invitation link. */
import { useMutation, useQuery } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { ROLES, type Role } from '../../../domain/people/permissions.ts'
import { Button } from '../../parts/Button.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { useDraft } from '../../parts/draft.ts'
import { ErrorNote } from '../../parts/ErrorNote.tsx'
import { Checkbox, FormActions, Select, TextField } from '../../parts/Field.tsx'
import form from '../../parts/Form.module.css'
import { toast } from '../../parts/Toast.tsx'
import { api, type Input } from '../../shell/api.ts'
import { isFailure } from '../../shell/failure.ts'
import { queryClient } from '../../shell/query-client.ts'
import { customersQuery } from '../environments/queries.ts'
import type { Account } from './queries.ts'
import { roleName } from './role-name.ts'
import { t } from './words.ts'

type Draft = {
  kind: string
  name: string
  handle: string
  email: string
  customer: string
  roles: readonly Role[]
}

const inputOf = (draft: Draft): Input<'POST /api/accounts'> => {
  const named = { name: draft.name, handle: draft.handle, email: draft.email }
  return draft.kind === 'contact'
    ? { kind: 'contact', ...named, customer: draft.customer }
    : { kind: 'staff', ...named, roles: [...draft.roles] }
}

const Roles = ({
  roles,
  set,
  fault,
}: {
  roles: readonly Role[]
  set: (roles: readonly Role[]) => void
  fault: string | undefined
}) => (
  <fieldset className={form.form}>
    <legend className={form.legend}>{t('roles')}</legend>
    <div className={form.pair}>
      {ROLES.map((role) => (
        <Checkbox
          key={role}
          label={roleName(role)}
          checked={roles.includes(role)}
          onChange={(event) =>
            set(event.target.checked ? [...roles, role] : roles.filter((one) => one !== role))
          }
        />
      ))}
    </div>
    {fault ? <p className={form.fault}>{fault}</p> : null}
  </fieldset>
)

const AddPerson = ({
  kind,
  onClose,
  onAdded,
}: {
  kind: 'staff' | 'contact'
  onClose: () => void
  onAdded: (account: Account) => void
}) => {
  const customers = useQuery(customersQuery).data?.rows ?? []
  const { draft, set, field } = useDraft<Draft>({
    kind,
    name: '',
    handle: '',
    email: '',
    customer: '',
    roles: ['engineer'],
  })
  const add = useMutation({
    mutationFn: () => api('POST /api/accounts', inputOf(draft)),
    onSuccess: (account) => {
      void queryClient.invalidateQueries({ queryKey: ['accounts'] })
      toast({ text: t('people-added', account) })
      onAdded(account)
    },
  })
  const faults = isFailure(add.error) ? add.error.fields : {}
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    add.mutate()
  }
  return (
    <Dialog open onClose={onClose} title={t('people-add')}>
      <form onSubmit={submit} className={form.form}>
        <Select
          label={t('people-kind')}
          {...field('kind')}
          choices={(['staff', 'contact'] as const).map((value) => ({ value, label: t(`kind-${value}`) }))}
        />
        <TextField label={t('name')} required maxLength={100} fault={faults['name']} {...field('name')} />
        <TextField label={t('email')} type="email" required fault={faults['email']} {...field('email')} />
        <TextField
          label={t('handle')}
          hint={t('handle-hint')}
          required
          mono
          fault={faults['handle']}
          {...field('handle')}
        />
        {draft.kind === 'contact' ? (
          <Select
            label={t('people-customer')}
            required
            fault={faults['customer']}
            {...field('customer')}
            choices={[
              { value: '', label: '–' },
              ...customers.map(({ slug, name }) => ({ value: slug, label: name })),
            ]}
          />
        ) : (
          <Roles roles={draft.roles} set={(roles) => set({ roles })} fault={faults['roles']} />
        )}
        {add.error ? <ErrorNote error={add.error} small /> : null}
        <FormActions>
          <Button type="submit" tone="primary" busy={add.isPending}>
            {t('people-add')}
          </Button>
        </FormActions>
      </form>
    </Dialog>
  )
}
export default AddPerson
