/** What of a rota the address asks for: the weeks, and as it was known when. */
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { isoDate } from '../../messages/format.ts'
import { addDays, isDate, mondayOf, startOfDay } from '../../parts/days.ts'
import { useReader } from '../../parts/reader.ts'

const route = getRouteApi('/frame/on-call')

/** The weeks that the address asks for, beginning this week when it does not say. */
export const useWindow = () => {
  const search = route.useSearch()
  const { zone } = useReader()
  const weeks = Number(search.weeks ?? '2')
  const [today] = useState(() => isoDate(Date.now(), zone))
  const monday = mondayOf(isDate(search.from) ? search.from : today)
  const from = startOfDay(monday, zone)
  const to = startOfDay(addDays(monday, weeks * 7), zone)
  // The end of a day: what was known by then.
  const knownOn = isDate(search.known) ? search.known : undefined
  const knownAt = knownOn === undefined ? undefined : startOfDay(addDays(knownOn, 1), zone) - 1
  return { monday, weeks, from, to, thisMonday: mondayOf(today), today, knownOn, knownAt }
}
