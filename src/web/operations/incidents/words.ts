/** The incident views' sentences. */
import { incidents } from '../../messages/en/incidents.ts'
import { translator } from '../../messages/translate.ts'

export const t = translator('incidents', incidents)

/** What happened, in words; a kind that a newer server knows is shown as it is named. */
export const happened = (kind: string): string => {
  const key = `event-${kind}`
  const words = (t as (key: string) => string)(key)
  return words === key ? kind.replaceAll('-', ' ') : words
}
