/** Instants as people type and read them in a shell: by this machine's clock, in the order that can be typed back. */
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

const two = (n: number): string => String(n).padStart(2, '0')

/** `2026-12-24 09:00`, whatever the language of the shell. */
export const wallTime = (at: number): string => {
  const date = new Date(at)
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-')
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`
}
