/** An instant as a person types it: a date with a time of this machine's clock, an instant with its offset, or a while from now. */
import { parseInstant } from '../../domain/time/instant.ts'
import { snoozeTime } from '../operations/snooze-time.ts'
import { usageFault } from './io.ts'

const WALL = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d)?$/

/**
 * @param text `2026-12-24`, `2026-12-24T09:00`, `2026-12-24T09:00:00+01:00`, `now`, `45m`, `2h`, `1d`, or `07:30`, the next time
 * @throws CommandFault naming the option for anything else
 */
export const instantFrom = (text: string | undefined, option: string, now: number): number => {
  if (text === 'now') return now
  if (text !== undefined && WALL.test(text)) {
    const date = text.replace(' ', 'T')
    const at = Date.parse(date.length === 10 ? `${date}T00:00` : date)
    if (Number.isFinite(at)) return at
  }
  const at = text === undefined ? undefined : (parseInstant(text) ?? snoozeTime(text, now))
  if (at === undefined)
    throw usageFault(`Say when: --${option} 2026-12-24T09:00, 07:30, or 2h and 1d from now.`)
  return at
}
