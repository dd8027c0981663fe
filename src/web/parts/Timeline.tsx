/** What happened, in order: the instant, who, what. */
import type { ReactNode } from 'react'
import { clockTime, isoDate, shortDate, weekday } from '../messages/format.ts'
import { useReader } from './reader.ts'
import { TimeText } from './TimeText.tsx'
import type { Tone } from './Badge.tsx'
import { classes } from './classes.ts'
import styles from './Timeline.module.css'

export type Moment = {
  readonly key: string
  readonly at: number
  readonly tone?: Tone
  readonly by?: string | null | undefined
  readonly what: ReactNode
  readonly detail?: ReactNode
}

/** Newest first or oldest first, as given; a day is named where it changes. */
export const Timeline = ({ moments, label }: { moments: readonly Moment[]; label: string }) => {
  const reader = useReader()
  const days = moments.map((moment) => isoDate(moment.at, reader.zone))
  return (
    <ol className={styles.timeline} aria-label={label}>
      {moments.map((moment, position) => (
        <li key={moment.key} className={styles.moment}>
          {days[position] === days[position - 1] ? null : (
            <span className={styles.day}>
              {weekday(moment.at, reader)} {shortDate(moment.at, reader)}
            </span>
          )}
          <span className={styles.clock}>{clockTime(moment.at, reader)}</span>
          <span className={classes(styles.mark, moment.tone && styles[moment.tone])} aria-hidden="true" />
          <div className={styles.words}>
            <p>
              {moment.what}
              {moment.by ? <span className="dim"> · {moment.by}</span> : null}{' '}
              <span className={styles.age}>
                <TimeText at={moment.at} />
              </span>
            </p>
            {moment.detail ? <div className={styles.detail}>{moment.detail}</div> : null}
          </div>
        </li>
      ))}
    </ol>
  )
}
