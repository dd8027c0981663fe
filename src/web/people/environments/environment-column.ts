/** The column that says in which environment a record lies. */
import type { Column } from '../../parts/Table.tsx'
import { t } from './words.ts'

export const environmentColumn: Column<{ readonly environment: { readonly slug: string } }> = {
  key: 'environment',
  title: t('column-environment'),
  width: '10rem',
  card: 'meta',
  cell: (row) => row.environment.slug,
}
