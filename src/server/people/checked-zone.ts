/** A time zone as the rules know it: the contract bounds the text, the runtime's tzdata decides. */
import { isRefusal } from '../../domain/refusal.ts'
import { zoneNamed } from '../../domain/time/zone.ts'
import { Fault } from '../platform/faults.ts'

/** @returns the zone in its proper letter case */
export const checkedZone = (zone: string, path = 'body.zone'): string => {
  const named = zoneNamed(zone)
  if (!isRefusal(named)) return named
  throw new Fault('invalid-input', `Nothing was changed. ${named.detail}`, {
    errors: [{ path, detail: named.detail }],
  })
}
