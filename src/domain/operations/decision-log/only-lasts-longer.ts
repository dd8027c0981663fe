/** Whether an amendment leaves everything as it was agreed but the time: what was planned under the decision then stands. */
import type { Terms } from './terms.ts'

const isLater = (before: number | null, after: number | null): boolean =>
  after === null || (before !== null && after >= before)

export const onlyLastsLonger = (before: Terms, after: Terms): boolean => {
  const { validUntil: from, ...agreed } = before
  const { validUntil: to, ...said } = after
  const same = (Object.keys(agreed) as (keyof typeof agreed)[]).every(
    (key) => JSON.stringify(agreed[key]) === JSON.stringify(said[key]),
  )
  return same && isLater(from, to)
}
