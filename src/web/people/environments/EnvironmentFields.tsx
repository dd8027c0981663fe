/** The fields of an environment, for a new one and for a change. */
import { useQuery } from '@tanstack/react-query'
import { Select, TextField } from '../../parts/Field.tsx'
import form from '../../parts/Form.module.css'
import { staffQuery } from '../accounts/queries.ts'
import type { EnvironmentDraft } from './environment-draft.ts'
import { t } from './words.ts'

type Bind = (name: keyof EnvironmentDraft) => {
  value: string
  onChange: (event: { target: { value: string } }) => void
}

export const EnvironmentFields = ({
  field,
  faults,
}: {
  field: Bind
  faults: Readonly<Record<string, string>>
}) => {
  const people = useQuery(staffQuery).data?.rows ?? []
  return (
    <>
      <TextField label={t('name')} required maxLength={100} fault={faults['name']} {...field('name')} />
      <div className={form.pair}>
        <TextField label={t('plan')} optional fault={faults['plan']} {...field('plan')} />
        <TextField label={t('provider')} optional fault={faults['provider']} {...field('provider')} />
        <TextField label={t('version')} optional fault={faults['version']} {...field('version')} />
        <TextField
          label={t('commissioned-on')}
          type="date"
          optional
          fault={faults['commissionedOn']}
          {...field('commissionedOn')}
        />
      </div>
      <TextField
        label={t('components')}
        hint={t('components-hint')}
        optional
        fault={faults['components']}
        {...field('components')}
      />
      <Select
        label={t('delivery-manager')}
        fault={faults['deliveryManager']}
        {...field('deliveryManager')}
        choices={[
          { value: '', label: t('nobody') },
          ...people.map(({ id, name }) => ({ value: id, label: name })),
        ]}
      />
    </>
  )
}
