/** Pages by weekday and hour as a picture: seven rows of twenty-four, with the numbers for who cannot see shades. */
import { longWeekday } from '../../messages/format.ts'
import { useReader } from '../../parts/reader.ts'
import styles from './Report.module.css'
import type { Report } from './queries.ts'
import { t } from './words.ts'

const DAYS = [1, 2, 3, 4, 5, 6, 7]
const HOURS = Array.from({ length: 24 }, (_, hour) => hour)

export const HourGrid = ({ hours }: { hours: Report['hours'] }) => {
  const reader = useReader()
  const counts = new Map(hours.map(({ weekday, hour, pages }) => [`${weekday} ${hour}`, pages]))
  const most = Math.max(1, ...counts.values())
  return (
    // It is wider than a phone: then it is scrolled, also by keys.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex, jsx-a11y/prefer-tag-over-role
    <div className={styles.scrolled} tabIndex={0} role="group" aria-label={t('hours')}>
      <table className={styles.hours}>
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">{t('hours-day')}</span>
            </th>
            {HOURS.map((hour) => (
              <th key={hour} scope="col">
                {hour % 3 === 0 ? (
                  String(hour).padStart(2, '0')
                ) : (
                  <span className="visually-hidden">{hour}</span>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {DAYS.map((weekday) => {
            const day = longWeekday(weekday, reader)
            return (
              <tr key={weekday}>
                <th scope="row">{day.slice(0, 3)}</th>
                {HOURS.map((hour) => {
                  const count = counts.get(`${weekday} ${hour}`) ?? 0
                  return (
                    <td
                      key={hour}
                      title={count > 0 ? t('hours-cell', { day, hour, count }) : undefined}
                      data-shade={count === 0 ? 0 : Math.ceil((4 * count) / most)}
                    >
                      {count > 0 ? count : null}
                    </td>
                  )
                })}
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
