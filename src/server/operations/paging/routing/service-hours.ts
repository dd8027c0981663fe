/** Reads and keeps the hours during which environments are served. */
import type { routingRoutes, ServiceHoursReply } from '../../../../contract/operations/routing.ts'
import type { InputOf, ReplyOf } from '../../../../contract/route.ts'
import {
  checkServiceHours,
  isServed,
  servedNext,
  type ServiceHours,
} from '../../../../domain/operations/paging/service-hours.ts'
import { may } from '../../../../domain/people/permissions.ts'
import { refuse } from '../../../../domain/refusal.ts'
import type { Ctx } from '../../../platform/context.ts'
import type { Db, Tx } from '../../../platform/database.ts'
import { Fault, notFound, refused } from '../../../platform/faults.ts'
import { NOTHING_CHANGED, read, record, type WriteTx } from '../../../platform/record.ts'
import { canonical } from '../../on-call/index.ts'
import {
  environmentHoursChosen,
  serviceHoursArchived,
  serviceHoursChanged,
  serviceHoursCreated,
  serviceHoursRestored,
} from './events.ts'
import {
  allHours,
  environmentsWithHours,
  findEnvironmentWithHours,
  insertHours,
  lockHours,
  markHoursArchived,
  setHoursOf,
  updateHours,
  type StoredHours,
} from './store.ts'

type Given = InputOf<typeof routingRoutes.createServiceHours>
type Wanted = Omit<Given, 'slug'> & { readonly ifVersion?: number | undefined }

const definitionOf = ({ zone, windows, holidays }: ServiceHours) => ({
  zone,
  windows: windows.map(({ days, from, to }) => ({ days: [...days], from, to })),
  holidays: [...holidays],
})

const presentAll = async (db: Db | Tx, now: number): Promise<ServiceHoursReply[]> => {
  const environments = await environmentsWithHours(db)
  return (await allHours(db))
    .filter(({ archivedAt }) => archivedAt === null)
    .map((hours) => ({
      id: hours.id,
      slug: hours.slug,
      name: hours.name,
      version: hours.version,
      ...definitionOf(hours),
      served: isServed(hours, now),
      servedAt: servedNext(hours, now),
      environments: environments
        .filter(({ hoursId }) => hoursId === hours.id)
        .map(({ id, slug, name }) => ({ id, slug, name })),
    }))
}

export const listServiceHours = (ctx: Ctx): Promise<ReplyOf<typeof routingRoutes.listServiceHours>> =>
  read(ctx, async (db) => ({
    rows: await presentAll(db, ctx.platform.clock.now()),
    can: { change: may(ctx.actor, 'on-call.change') },
  }))

const presentOne = (ctx: Ctx, id: string): Promise<ServiceHoursReply> =>
  read(ctx, async (db) => {
    const found = (await presentAll(db, ctx.platform.clock.now())).find((row) => row.id === id)
    if (!found) throw notFound('These service hours')
    return found
  })

const requireUsable = (hours: ServiceHours): void => {
  const refusal = checkServiceHours(hours)
  if (refusal) throw refused(refusal)
}

/** Within a transaction of somebody else: configuration as code adds them too. @returns the id */
export const addHours = async (tx: WriteTx, { slug, name, ...hours }: Given): Promise<string> => {
  requireUsable(hours)
  const id = tx.id()
  const definition = definitionOf(hours)
  if (!(await insertHours(tx.db, { id, slug, name, at: tx.now, ...definition })))
    throw new Fault(
      'already-exists',
      `The slug ${slug} belongs to other service hours, perhaps archived ones. Choose another.`,
    )
  tx.append(serviceHoursCreated, {
    stream: id,
    refs: [['service-hours', id]],
    body: { slug, name, ...definition },
  })
  return id
}

const lockInUse = async (tx: WriteTx, name: string): Promise<StoredHours> => {
  const stored = await lockHours(tx.db, name)
  if (!stored) throw notFound('These service hours')
  if (stored.archivedAt !== null)
    throw refused(refuse('service-hours-archived', `${stored.name} are archived; choose others.`))
  return stored
}

/** Within a transaction of somebody else. @returns the id, and whether anything changed */
export const changeHours = async (
  tx: WriteTx,
  name: string,
  wanted: Wanted,
): Promise<{ id: string; changed: boolean }> => {
  requireUsable(wanted)
  const stored = await lockInUse(tx, name)
  if (wanted.ifVersion !== undefined && wanted.ifVersion !== stored.version)
    throw new Fault(
      'conflict',
      `${stored.name} were changed by somebody else: you looked at version ${wanted.ifVersion}, they are at ${stored.version}. Load them again.`,
    )
  const [before, after] = [stored, wanted].map((each) => ({ name: each.name, ...definitionOf(each) }))
  if (!after || canonical(before) === canonical(after)) return { id: stored.id, changed: false }
  await updateHours(tx.db, stored.id, { ...after, version: stored.version + 1 })
  tx.append(serviceHoursChanged, {
    stream: stored.id,
    refs: [['service-hours', stored.id]],
    body: { slug: stored.slug, ...after },
  })
  return { id: stored.id, changed: true }
}

/** Within a transaction of somebody else. @returns false when they were archived already */
export const putHoursAway = async (tx: WriteTx, name: string): Promise<boolean> => {
  const stored = await lockHours(tx.db, name)
  if (!stored) throw notFound('These service hours')
  if (stored.archivedAt !== null) return false
  const served = (await environmentsWithHours(tx.db)).filter(({ hoursId }) => hoursId === stored.id)
  if (served.length > 0)
    throw refused(
      refuse(
        'service-hours-in-use',
        `${stored.name} are the hours of ${served.map(({ slug }) => slug).join(', ')}. Change that first.`,
      ),
    )
  await markHoursArchived(tx.db, stored.id, tx.now)
  tx.append(serviceHoursArchived, {
    stream: stored.id,
    refs: [['service-hours', stored.id]],
    body: { slug: stored.slug },
  })
  return true
}

/** Within a transaction of somebody else: a team's file names them again. */
export const takeHoursBack = async (tx: WriteTx, name: string): Promise<void> => {
  const stored = await lockHours(tx.db, name)
  if (!stored) throw notFound('These service hours')
  if (stored.archivedAt === null) return
  await markHoursArchived(tx.db, stored.id, null)
  tx.append(serviceHoursRestored, {
    stream: stored.id,
    refs: [['service-hours', stored.id]],
    body: { slug: stored.slug },
  })
}

/** Within a transaction of somebody else. @returns false when it was so already */
export const chooseHours = async (
  tx: WriteTx,
  wanted: { readonly environment: string; readonly hours: string | null },
): Promise<boolean> => {
  const hours = wanted.hours === null ? null : await lockInUse(tx, wanted.hours)
  const environment = await findEnvironmentWithHours(tx.db, wanted.environment)
  if (!environment) throw notFound('This environment')
  if (environment.hoursId === (hours?.id ?? null)) return false
  await setHoursOf(tx.db, environment.id, hours?.id ?? null)
  tx.append(environmentHoursChosen, {
    stream: environment.id,
    customerId: environment.customerId,
    environmentId: environment.id,
    refs: [['environment', environment.id], ...(hours ? [['service-hours', hours.id] as const] : [])],
    body: { hoursId: hours?.id ?? null, hoursSlug: hours?.slug ?? null },
  })
  return true
}

export const createServiceHours = async (ctx: Ctx, input: Given): Promise<ServiceHoursReply> =>
  presentOne(ctx, await record(ctx, (tx) => addHours(tx, input)))

export const replaceServiceHours = async (
  ctx: Ctx,
  { hours, ...wanted }: Wanted & { hours: string },
): Promise<ServiceHoursReply> => {
  let id = ''
  await record(ctx, async (tx) => {
    const kept = await changeHours(tx, hours, wanted)
    id = kept.id
    return kept.changed ? undefined : NOTHING_CHANGED
  })
  return presentOne(ctx, id)
}

export const archiveServiceHours = async (ctx: Ctx, input: { hours: string }): Promise<{ done: true }> => {
  await record(ctx, async (tx) => ((await putHoursAway(tx, input.hours)) ? undefined : NOTHING_CHANGED))
  return { done: true }
}

export const assignServiceHours = async (
  ctx: Ctx,
  input: { environment: string; hours: string | null },
): Promise<{ done: true }> => {
  await record(ctx, async (tx) => ((await chooseHours(tx, input)) ? undefined : NOTHING_CHANGED))
  return { done: true }
}
