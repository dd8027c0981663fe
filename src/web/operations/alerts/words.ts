/** The alert views' sentences. */
import type { AlertHappening } from '../../../contract/operations/alerts.ts'
import { alerts } from '../../messages/en/alerts.ts'
import { translator } from '../../messages/translate.ts'

/** A happening without words does not compile. */
type Happenings = Readonly<Record<`activity-${AlertHappening}`, string>>

export const t = translator('alerts', alerts satisfies Happenings)

/** What happened, in words; a kind that a newer server knows is shown as it is named. */
export const happened = (kind: string): string => {
  const key = `activity-${kind}`
  const words = (t as (key: string) => string)(key)
  return words === key ? kind.replace('.', ' ').replaceAll('-', ' ') : words
}
