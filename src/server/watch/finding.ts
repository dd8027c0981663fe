/** Something that is wrong at this instant: what becomes an alarm when it stays so. */
import type { AlarmKind } from '../../contract/watch.ts'

export type Finding = {
  readonly kind: AlarmKind
  readonly subject: string
  readonly sinceAt: number
  readonly detail: string
}
