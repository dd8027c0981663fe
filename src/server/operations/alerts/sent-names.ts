/** One alert under several names of its sender: what comes under the second is about the first, so that nobody is paged twice and nothing stays open. */
import { createHash } from 'node:crypto'
import type { AlertFromSource } from '../../../domain/operations/alerts/alert-from-alertmanager.ts'
import { isDigestName, likeness } from '../../../domain/operations/alerts/likeness.ts'
import type { IntegrationActor } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/context.ts'
import { read } from '../../platform/record.ts'
import { defineRecurring } from '../../platform/tasks/recurring.ts'
import { noteOnAlert } from './change-alert.ts'
import { findOpenAlertIn } from './environment-store.ts'
import {
  findOpenAlike,
  findOpenByName,
  forgetNamesOfClosed,
  putSentName,
  type OpenNamed,
} from './sent-name-store.ts'

/** What is recorded, in English for whoever reads it. */
const RENAMED =
  'The same alerts came under another name, as when a route of an Alertmanager is edited while they fire: it is the same alert, nobody is paged again, and its end under either name ends it.'

/** @returns the fingerprint of the open alert that this name is another one of; otherwise the one given */
export const knownFingerprint = async (
  ctx: Ctx,
  key: IntegrationActor,
  { name, fingerprint }: { readonly name: string; readonly fingerprint: string },
): Promise<string> => {
  if (!isDigestName(name)) return fingerprint
  return (
    (await read(ctx, (db) => findOpenByName(db, key.environmentId, fingerprint)))?.fingerprint ?? fingerprint
  )
}

const digestOf = (key: IntegrationActor, name: string, alert: AlertFromSource): Buffer | undefined => {
  const text = likeness(name, alert)
  return text === undefined
    ? undefined
    : createHash('sha256')
        .update(JSON.stringify([key.keyId, text]))
        .digest()
}

type Known = { readonly alert: OpenNamed | undefined; readonly isNewName: boolean }

const findKnown = (ctx: Ctx, environmentId: string, own: string, alike: Buffer): Promise<Known> =>
  read(ctx, async (db) => {
    const byName = await findOpenByName(db, environmentId, own)
    if (byName) return { alert: byName, isNewName: false }
    const itself = await findOpenAlertIn(db, environmentId, own)
    if (itself) return { alert: itself, isNewName: false }
    const other = await findOpenAlike(db, environmentId, alike)
    return { alert: other, isNewName: other !== undefined }
  })

/**
 * Submits what fires under a name of its sender: as the open alert it is another name of, or as itself. Names are written
 * after the commit; what fails there costs a second alert later, never this one.
 *
 * @param name  as the sender called it
 * @param alert with the fingerprint of that name
 */
export const submitNamed = async (
  ctx: Ctx,
  key: IntegrationActor,
  sent: {
    readonly name: string
    readonly alert: AlertFromSource
    readonly submit: (alert: AlertFromSource) => Promise<void>
  },
): Promise<void> => {
  const { platform } = ctx
  const { environmentId, customerId } = key
  const own = sent.alert.fingerprint
  const alike = digestOf(key, sent.name, sent.alert)
  if (alike === undefined) {
    const fingerprint = await knownFingerprint(ctx, key, { name: sent.name, fingerprint: own })
    return sent.submit({ ...sent.alert, fingerprint })
  }
  const known = await findKnown(ctx, environmentId, own, alike)
  await sent.submit({ ...sent.alert, fingerprint: known.alert?.fingerprint ?? own })
  try {
    const stored = known.alert ?? (await read(ctx, (db) => findOpenAlertIn(db, environmentId, own)))
    if (!stored) return
    await putSentName(platform.database.db, {
      environment_id: environmentId,
      fingerprint: own,
      customer_id: customerId,
      alert_id: stored.id,
      likeness: alike,
      heard_at: platform.clock.now(),
    })
    if (known.isNewName) await noteOnAlert(ctx, { alertId: stored.id, note: RENAMED, by: '' })
  } catch (error) {
    platform.log.warn({ err: (error as Error).message }, 'a name of an alert could not be written down')
  }
}

const HOUR_MS = 3_600_000
export const forgetSentNames = defineRecurring('alerts.forget-names', {
  lane: 'ordinary',
  everyMs: HOUR_MS,
  run: ({ platform }) => forgetNamesOfClosed(platform.database.db),
})
