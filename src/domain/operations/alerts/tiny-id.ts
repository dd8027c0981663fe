/** The short number OpsGenie shows beside a message: the time and the counter of the alert's id, which nothing else stores. */

/** The first of January 2020: numbers of fifteen digits instead of sixteen. */
const SINCE = 1_577_836_800_000
const COUNTER = 4_096

/** @param id a UUID of version 7 as platform/ids.ts makes it */
export const tinyIdOf = (id: string): string => {
  const at = Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)
  return String((at - SINCE) * COUNTER + Number.parseInt(id.slice(15, 18), 16))
}

/** First and last id that this number can mean; undefined for what is no such number. */
export const idsOfTinyId = (tinyId: string): readonly [string, string] | undefined => {
  if (!/^[0-9]{1,15}$/.test(tinyId)) return undefined
  const number = Number(tinyId)
  const at = (Math.floor(number / COUNTER) + SINCE).toString(16).padStart(12, '0')
  const head = `${at.slice(0, 8)}-${at.slice(8)}-7${(number % COUNTER).toString(16).padStart(3, '0')}`
  return [`${head}-8000-000000000000`, `${head}-bfff-ffffffffffff`]
}
