/** The inverse of an act on many alerts, where there is one that pages nobody: closing has none, giving back rings. */
import { api, type Input } from '../../../shell/api.ts'
import { isFailure } from '../../../shell/failure.ts'
import type { AlertRow } from '../queries.ts'

export type Act = Input<'POST /api/alerts/bulk'>['act']
/** What one alert was before. */
type Before = Pick<AlertRow, 'id' | 'owner' | 'tags' | 'snoozedUntil' | 'status'>
/** More would be a long row of requests; each is taken back by hand then. */
export const MOST_TAKEN_BACK = 200

const bulk = (ids: readonly string[], act: Act) =>
  api('POST /api/alerts/bulk', { which: { ids: [...ids] }, act })

/** Alerts that need the same act, together. */
const byAct = (rows: readonly Before[], actFor: (row: Before) => Act | undefined) => {
  const groups = new Map<string, { act: Act; ids: string[] }>()
  for (const row of rows) {
    const act = actFor(row)
    if (!act) continue
    const key = JSON.stringify(act)
    const group = groups.get(key) ?? { act, ids: [] }
    group.ids.push(row.id)
    groups.set(key, group)
  }
  return [...groups.values()]
}

/** What has to be done to one alert so that it is as it was; undefined: nothing. */
export const inverseFor =
  (act: Act) =>
  (row: Before): Act | undefined => {
    if (act.kind === 'assign') return { kind: 'assign', owner: row.owner?.id ?? null }
    if (act.kind !== 'tag') return undefined
    const add = act.remove.filter((tag) => row.tags.includes(tag))
    const remove = act.add.filter((tag) => !row.tags.includes(tag))
    return add.length + remove.length > 0 ? { kind: 'tag', add, remove } : undefined
  }

/** One that is awake already, or gone, is as it should be. */
const wake = async (alertId: string): Promise<void> => {
  try {
    await api('DELETE /api/alerts/:alertId/snooze', { alertId })
  } catch (error) {
    if (!isFailure(error) || (error.status !== 409 && error.status !== 404)) throw error
  }
}

/** @returns undefined where there is no way back */
export const takeBack = (act: Act, rows: readonly Before[]): (() => Promise<void>) | undefined => {
  if (rows.length === 0 || rows.length > MOST_TAKEN_BACK) return undefined
  if (act.kind === 'snooze') {
    const wasAwake = rows.filter(({ snoozedUntil, status }) => snoozedUntil === null && status === 'open')
    if (wasAwake.length < rows.length) return undefined
    return async () => {
      for (const { id } of wasAwake) await wake(id)
    }
  }
  if (act.kind !== 'assign' && act.kind !== 'tag') return undefined
  return async () => {
    for (const group of byAct(rows, inverseFor(act))) await bulk(group.ids, group.act)
  }
}
