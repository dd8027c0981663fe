/** Instants of a source: the backup writes them as text, with or without seconds, or as milliseconds. */
import { parseInstant } from '../../time/instant.ts'
import { textAt, type Place } from './fields.ts'

/** The first instant of 2200: rotas are before it. */
export const END_OF_ROTAS = 7_258_118_400_000

export const instantAt = (place: Place): number | undefined => {
  if (typeof place.value === 'number') return Number.isInteger(place.value) ? place.value : undefined
  const text = textAt(place)
  if (text === undefined) return undefined
  return parseInstant(text.replace(/(T\d\d:\d\d)(Z|[+-]\d\d:\d\d)$/, '$1:00$2')) ?? undefined
}
