/** Narrows a list to one environment; the same choice stands in every list of records. */
import { useQuery } from '@tanstack/react-query'
import { FilterSelect } from '../../parts/Filter.tsx'
import { environmentsQuery } from './queries.ts'
import { t } from './words.ts'

export const EnvironmentFilter = ({
  value,
  onChange,
}: {
  value: string | undefined
  onChange: (slug: string | undefined) => void
}) => {
  const environments = useQuery(environmentsQuery).data?.rows ?? []
  return (
    <FilterSelect
      label={t('environment')}
      any={t('any')}
      value={value}
      choices={environments.map(({ slug }) => ({ value: slug, label: slug }))}
      onChange={onChange}
    />
  )
}
