/**
 * Named instants at which a test lets this process die: just before and just after the commit of a transaction that
 * says something. FORTNIGHT_CRASH_AT=before-commit:page.requested kills at the first such commit; without it, nothing.
 */
import type { PendingWrites } from './record.ts'

type Moment = 'before-commit' | 'after-commit'

const wanted = process.env['FORTNIGHT_CRASH_AT']

/** Transactions without events are known by what they store. */
const names = ({ events, observed }: PendingWrites): string[] => [
  ...events.map(({ event }) => event.type),
  ...(observed ? ['observed'] : []),
]

export const crashPoint = (moment: Moment, pending: PendingWrites): void => {
  if (wanted === undefined) return
  if (names(pending).some((name) => wanted === `${moment}:${name}`)) process.kill(process.pid, 'SIGKILL')
}
