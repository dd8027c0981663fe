/** How long an alert shall sleep, as a person says it: a while from now, or a time of the clock. */
import { day, hour, minute } from '../../domain/time/instant.ts'

const units = { m: minute, h: hour, d: day } as const

/**
 * @param text `45m`, `2h`, `1d`, or `07:30`: the next time the clock of this machine shows it
 * @returns epoch milliseconds; undefined for anything else
 */
export const snoozeTime = (text: string, now: number): number | undefined => {
  const [, count, unit] = /^([1-9][0-9]{0,3})([mhd])$/.exec(text) ?? []
  if (count && unit) return now + Number(count) * units[unit as keyof typeof units]
  const [, hours, minutes] = /^([01]?[0-9]|2[0-3]):([0-5][0-9])$/.exec(text) ?? []
  if (!hours || !minutes) return undefined
  const at = new Date(now)
  at.setHours(Number(hours), Number(minutes), 0, 0)
  if (at.getTime() <= now) at.setDate(at.getDate() + 1)
  return at.getTime()
}
