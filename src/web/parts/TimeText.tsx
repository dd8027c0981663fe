/** An instant in the reader's zone: relative as text, exact on hover or focus, and exact for who listens. */
import { dayAndTime, exactTime, relativeTime } from '../messages/format.ts'
import { classes } from './classes.ts'
import { useNow, useReader } from './reader.ts'
import styles from './TimeText.module.css'

/**
 * @param at    epoch milliseconds
 * @param show  'relative' where age matters, 'exact' where the wall clock does
 * @param still inside a link or a table row: not a stop of its own for the Tab key
 */
export const TimeText = ({
  at,
  show = 'relative',
  still = false,
}: {
  at: number
  show?: 'relative' | 'exact'
  still?: boolean
}) => {
  const reader = useReader()
  const now = useNow()
  const exact = exactTime(at, reader)
  return (
    <time
      dateTime={new Date(at).toISOString()}
      className={classes(styles.time, !still && styles.alone)}
      data-exact={exact}
      tabIndex={still ? undefined : 0}
    >
      {show === 'relative' ? relativeTime(at, now, reader) : dayAndTime(at, reader)}
    </time>
  )
}
