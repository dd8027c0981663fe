/** What became of a drill, as a sentence. */
import { duration } from '../../../messages/format.ts'
import type { Drill } from './queries.ts'
import { t } from './words.ts'

export const outcomeOf = ({ status, why, askedAt, dueAt, endedAt, takenBy }: Drill): string => {
  const name = takenBy?.name ?? '…'
  if (status === 'proved') return t('taken-by', { name, length: duration((endedAt ?? askedAt) - askedAt) })
  if (status !== 'missed') return t('taken-within', { length: duration(dueAt - askedAt) })
  return why === 'taken-by-another' ? t('taken-by-another', { name }) : t(why ?? 'nobody-took-it')
}
