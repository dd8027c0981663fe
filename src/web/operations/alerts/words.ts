/** The alert views' sentences. */
import type { AlertHappening } from '../../../contract/operations/alerts.ts'
import { dayAndTime, type Reader } from '../../messages/format.ts'
import { alerts } from '../../messages/en/alerts.ts'
import { translator } from '../../messages/translate.ts'

/** A happening without words does not compile. */
type Happenings = Readonly<Record<`activity-${AlertHappening}`, string>>

export const t = translator('alerts', alerts satisfies Happenings)

/** What happened, in words; a kind that a newer server knows is shown as it is named. */
export const happened = (
  { kind, whom, until }: { kind: string; whom: { name: string } | null; until: number | null },
  reader: Reader,
): string => {
  const key = `activity-${kind}`
  const given = { whom: whom?.name ?? t('somebody'), until: until === null ? '' : dayAndTime(until, reader) }
  const words = (t as (key: string, given: object) => string)(key, given)
  return words === key ? kind.replace('.', ' ').replaceAll('-', ' ') : words
}
