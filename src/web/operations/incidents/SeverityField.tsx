/** How bad it is, in words beside the number. */
import { Select } from '../../parts/Field.tsx'
import { t } from './words.ts'

const levels = [1, 2, 3, 4, 5] as const
export type SeverityLevel = (typeof levels)[number]

export const severityOf = (text: string): SeverityLevel => levels.find((level) => String(level) === text) ?? 3

export const SeverityField = (field: {
  value: string
  onChange: (event: { target: { value: string } }) => void
}) => (
  <Select
    label={t('severity')}
    {...field}
    choices={levels.map((level) => ({ value: String(level), label: t(`severity-${level}`) }))}
  />
)
