/** Rules in words: who reads them at night should not have to decode a form. */
import { duration, longWeekday, type Reader } from '../../../messages/format.ts'
import type { Rule, Standing, Way } from './queries.ts'
import { t } from './words.ts'

const MINUTE_MS = 60_000

type Step = { readonly method: string; readonly afterMinutes: number }

/** Two topics are told apart by their address. */
export const wayName = (method: string, ways: readonly Way[]): string => {
  const way = ways.find((each) => each.method === method)
  if (!way) return method === 'email' || method === 'web-push' ? t(`way-${method}`) : t('way-gone')
  const name = t(`way-${way.channel as 'email'}`)
  return way.address && method !== 'email' ? `${name} (${way.address})` : name
}

const listOf = (parts: readonly string[], reader: Reader): string =>
  new Intl.ListFormat(reader.locale, { type: 'unit' }).format(parts)

export const stepsInWords = (
  steps: readonly Step[],
  { ways }: Pick<Standing, 'ways'>,
  reader: Reader,
): string =>
  listOf(
    steps.map(({ method, afterMinutes }) => {
      const way = wayName(method, ways)
      return afterMinutes === 0
        ? t('at-once', { way })
        : t('after', { way, length: duration(afterMinutes * MINUTE_MS) })
    }),
    reader,
  )

/** Monday is 1: five in a row are read faster as the first and the last. */
const daysInWords = (days: readonly number[], reader: Reader): string => {
  const sorted = [...days].sort((a, b) => a - b)
  const [first, last] = [sorted[0], sorted.at(-1)]
  if (first === undefined || last === undefined) return ''
  const isRun = sorted.length > 2 && last - first === sorted.length - 1
  return isRun
    ? `${longWeekday(first, reader)} – ${longWeekday(last, reader)}`
    : listOf(
        sorted.map((day) => longWeekday(day, reader)),
        reader,
      )
}

export const whenInWords = ({ priorities, hours }: Rule, reader: Reader): string =>
  listOf(
    [
      priorities.length === 0 ? t('all-priorities') : listOf(priorities, reader),
      hours === null
        ? t('all-hours')
        : t('hours-line', { days: daysInWords(hours.weekdays, reader), from: hours.from, to: hours.to }),
    ],
    reader,
  )
