/** The period that a pack covers, in the reader's days. */
import { dateWithYear } from '../../messages/format.ts'
import { useReader } from '../../parts/reader.ts'
import type { Pack } from '../queries.ts'
import { t } from '../words.ts'

export const Period = ({ of }: { of: Pick<Pack, 'from' | 'to'> }) => {
  const reader = useReader()
  // `to` is not part of it: its last instant lies on the day before.
  return <>{t('all-of-it', { from: dateWithYear(of.from, reader), to: dateWithYear(of.to - 1, reader) })}</>
}
