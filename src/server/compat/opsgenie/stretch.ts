/** Lists that clients walk from an offset on, forwards or back: notes and logs of an alert. */
import { unusable } from './answer.ts'
import type { Call } from './call.ts'

const MOST = 100

/** @returns a whole number that was asked for, or the usual one */
export const wholeNumber = (
  { query }: Call,
  name: string,
  usual: number,
  [least, most]: readonly [number, number],
): number => {
  const given = query[name]
  if (given === undefined || given === '') return usual
  const number = /^[0-9]{1,9}$/.test(given) ? Number(given) : -1
  if (number < least || number > most)
    throw unusable(name, `${name} is a whole number from ${least} to ${most}.`)
  return number
}

export const isDescending = ({ query }: Call): boolean => {
  const order = (query['order'] || 'desc').toLowerCase()
  if (order !== 'asc' && order !== 'desc') throw unusable('order', 'order is asc or desc.')
  return order === 'desc'
}

/** The same address with other words in its query. */
export const addressOf = (call: Call, words: Readonly<Record<string, string | number>>): string => {
  const address = new URL(call.path, call.ctx.platform.config.baseUrl)
  for (const [name, value] of Object.entries({ ...call.query, ...words }))
    address.searchParams.set(name, String(value))
  return address.href
}

type Entry<T> = T & { readonly offset: string }

/**
 * @param entries all there are, oldest first; nothing is ever taken out of them, so that a place among them is a lasting name
 */
export const stretchOf = <T extends object>(
  call: Call,
  entries: readonly T[],
): { data: Entry<T>[]; paging: { first: string; next?: string } } => {
  const limit = wholeNumber(call, 'limit', MOST, [1, MOST])
  const newestFirst = isDescending(call)
  const named = entries.map((entry, place) => ({ ...entry, offset: String(place + 1) }))
  const ordered = newestFirst ? named.reverse() : named
  const given = call.query['offset'] ?? ''
  const at = ordered.findIndex(({ offset }) => offset === given)
  const isBack = (call.query['direction'] ?? '').toLowerCase() === 'prev'
  const from = at < 0 ? 0 : isBack ? Math.max(0, at - limit) : at + 1
  const data = ordered.slice(from, isBack && at >= 0 ? at : from + limit)
  const last = data.at(-1)
  const isMore = last !== undefined && ordered.at(-1)?.offset !== last.offset
  const first = new URL(addressOf(call, { limit, order: newestFirst ? 'desc' : 'asc' }))
  for (const name of ['offset', 'direction']) first.searchParams.delete(name)
  return {
    data,
    paging: {
      first: first.href,
      ...(isMore ? { next: addressOf(call, { limit, offset: last.offset, direction: 'next' }) } : {}),
    },
  }
}
