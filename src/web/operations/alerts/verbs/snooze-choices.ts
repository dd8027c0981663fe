/** For how long an alert may sleep, in one press. */
import { t } from '../words.ts'

const minutes = [15, 30, 60, 120, 240, 480, 1_440, 4_320, 10_080] as const
const lengthOf = (count: number): string => {
  if (count < 60) return t('for-minutes', { count })
  return count < 1_440 ? t('for-hours', { count: count / 60 }) : t('for-days', { count: count / 1_440 })
}

/** Values are minutes. */
export const snoozeChoices = () => minutes.map((count) => ({ value: String(count), label: lengthOf(count) }))
