/** SQL of the alerts on which policies are tried: the newest that came from outside. */
import type { Db } from '../../../platform/database.ts'
import type { AlertRow } from '../store.ts'

export type TriedRow = Pick<
  AlertRow,
  | 'id'
  | 'customer_id'
  | 'environment_id'
  | 'fingerprint'
  | 'priority'
  | 'name'
  | 'summary'
  | 'labels'
  | 'annotations'
  | 'starts_at'
  | 'opened_at'
  | 'treatment'
> & { readonly environment_slug: string; readonly environment_name: string }

/** @returns undefined when there is no such environment */
export const findTried = async (
  db: Db,
  environment: string | undefined,
  limit: number,
): Promise<TriedRow[] | undefined> => {
  const place =
    environment === undefined
      ? undefined
      : await db.selectFrom('environments').select('id').where('slug', '=', environment).executeTakeFirst()
  if (environment !== undefined && !place) return undefined
  let query = db
    .selectFrom('alerts')
    .innerJoin('environments', 'environments.id', 'alerts.environment_id')
    .select([
      'alerts.id',
      'alerts.customer_id',
      'alerts.environment_id',
      'alerts.fingerprint',
      'alerts.priority',
      'alerts.name',
      'alerts.summary',
      'alerts.labels',
      'alerts.annotations',
      'alerts.starts_at',
      'alerts.opened_at',
      'alerts.treatment',
      'environments.slug as environment_slug',
      'environments.name as environment_name',
    ])
    .where('alerts.key_id', 'is not', null)
    .orderBy('alerts.opened_at', 'desc')
    .orderBy('alerts.id', 'desc')
    .limit(limit)
  if (place) query = query.where('alerts.environment_id', '=', place.id)
  return query.execute()
}
