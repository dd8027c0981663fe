/** Which environment something is about. */
import { useQuery } from '@tanstack/react-query'
import { Select } from '../../parts/Field.tsx'
import { environmentsQuery } from './queries.ts'
import { t } from './words.ts'

export const EnvironmentField = ({
  value,
  onChange,
  fault,
}: {
  value: string
  onChange: (slug: string) => void
  fault?: string | undefined
}) => {
  const environments = useQuery(environmentsQuery).data?.rows ?? []
  return (
    <Select
      label={t('environment')}
      required
      value={value}
      fault={fault}
      onChange={(event) => onChange(event.target.value)}
      choices={[
        { value: '', label: '–' },
        ...environments.map(({ slug, customer }) => ({ value: slug, label: `${slug} · ${customer.name}` })),
      ]}
    />
  )
}
