/** Asks the server, while somebody writes, what the rota would mean; nothing is stored by asking. */
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useRested } from '../../../parts/rested.ts'
import { api } from '../../../shell/api.ts'
import { isFailure } from '../../../shell/failure.ts'
import { timelineQuery } from '../queries.ts'
import { dutyChanges, type DutyChange } from './duty-changes.ts'
import { isDrawable, type Definition, type RotaDetail } from './rota-draft.ts'

/** What the server looks ahead. */
const AHEAD_MS = 56 * 86_400_000

const useAnswer = (base: RotaDetail | undefined, wanted: Definition) => {
  const { value: definition, resting } = useRested(wanted, JSON.stringify(wanted))
  const asked = useQuery({
    queryKey: ['on-call', 'preview', base?.id, definition],
    queryFn: ({ signal }) =>
      base
        ? api(
            'PUT /api/schedules/:schedule',
            { schedule: base.id, name: base.name, ...definition, dryRun: true },
            { signal, asksOnly: true },
          )
        : api('POST /api/schedules/preview', definition, { signal, asksOnly: true }),
    enabled: isDrawable(definition),
    // The picture stays while the next one is made.
    placeholderData: (previous) => previous,
    gcTime: 60_000,
  })
  return { asked, resting }
}

/** Where somebody else would be on call than now; undefined for a new rota, and until both sides are known. */
const useChanges = (
  base: RotaDetail | undefined,
  shifts: Parameters<typeof dutyChanges>[1] | undefined,
  from: number,
  to: number,
): readonly DutyChange[] | undefined => {
  const { data: before } = useQuery({
    ...timelineQuery(base?.id ?? '', from, to),
    enabled: base !== undefined,
  })
  return useMemo(
    () => (before && shifts ? dutyChanges(before.shifts, shifts, from, to) : undefined),
    [before, shifts, from, to],
  )
}

export const useOutcome = (base: RotaDetail | undefined, definition: Definition) => {
  const { asked, resting } = useAnswer(base, definition)
  const { data, error } = asked
  const waits = !isDrawable(definition)
  const failure = isFailure(error) ? error : undefined
  const fields = failure?.fields ?? {}
  const [from] = useState(() => Date.now())
  const ends = from + AHEAD_MS
  const changes = useChanges(base, data?.shifts, from, ends)
  return {
    outcome: waits ? undefined : data,
    changes: base ? changes : undefined,
    ends,
    fields,
    /** What no field says. */
    error: waits || Object.keys(fields).length > 0 ? undefined : error,
    waits,
    stale: error !== null || !resting || asked.isPlaceholderData,
    broken: error !== null && !waits,
  }
}
