/** One request in OpsGenie's dialect as its verbs see it: who asks, what was sent, and where its outcome is written. */
import type { AlertFromSource } from '../../../domain/operations/alerts/alert-from-alertmanager.ts'
import { opsGenieLimits } from '../../../domain/operations/alerts/alert-from-opsgenie.ts'
import { readText } from '../../../domain/operations/alerts/sent-text.ts'
import {
  findAlertIn,
  findOnlyAlertBetween,
  findOpenAlertIn,
  type SentAlertRow,
} from '../../operations/alerts/environment-store.ts'
import type { Intake } from '../../operations/alerts/intake.ts'
import { knownFingerprint } from '../../operations/alerts/sent-names.ts'
import type { KnownKey } from '../../people/environments/integration-key.ts'
import type { Ctx } from '../../platform/context.ts'
import { isUuid } from '../../platform/ids.ts'
import { read } from '../../platform/record.ts'
import { fingerprintOf } from '../fingerprint.ts'
import { unusable, type Exchange } from './answer.ts'
import { insertRequest } from './request-store.ts'
import { idsOfTinyId } from '../../../domain/operations/alerts/tiny-id.ts'

export type Call = {
  readonly ctx: Ctx
  readonly key: KnownKey
  readonly intake: Intake
  readonly exchange: Exchange
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  /** Parsed, otherwise untrusted; {} when there was none. */
  readonly body: Readonly<Record<string, unknown>>
  /** SHA-256 of the bytes of the body. */
  readonly digest: Buffer
  /** The address as it was asked, without its query. */
  readonly path: string
}

export const readAlias = (given: unknown): string => readText(given, 'alias', opsGenieLimits.alias, [])

/** The words of a person or machine beside what it asks for. */
export const saidBy = ({ body }: Call): string =>
  readText(body['user'], 'user', opsGenieLimits.user, []) ||
  readText(body['source'], 'source', opsGenieLimits.source, [])

export const noteOf = ({ body }: Call): string => readText(body['note'], 'note', opsGenieLimits.note, [])

/** `alias` is set only where the alert is asked for by the name its sender gave: it means the open one of this key. */
export type Named = {
  readonly alert: SentAlertRow | undefined
  readonly fingerprint: string | undefined
}

/** An alert of another environment, or another key's alias, is not there: the answer is the same as for none. */
export const findNamed = async (call: Call): Promise<Named> => {
  const { environmentId, keyId } = call.key
  const given = call.params['identifier'] ?? ''
  const type = call.query['identifierType'] || 'id'
  if (type === 'alias') {
    const alias = readAlias(given)
    const fingerprint = await knownFingerprint(call.ctx, call.key, {
      name: alias,
      fingerprint: fingerprintOf('opsgenie', keyId, alias),
    })
    const alert = await read(call.ctx, async (db) => {
      const open = await findOpenAlertIn(db, environmentId, fingerprint)
      if (open || !isUuid(alias)) return open
      // Without an alias of its own an alert is called by its id.
      const byId = await findAlertIn(db, environmentId, alias)
      return byId?.status === 'closed' || byId?.annotations['alias'] ? undefined : byId
    })
    return { alert, fingerprint: alert?.fingerprint ?? fingerprint }
  }
  if (type === 'tiny') {
    const ids = idsOfTinyId(given)
    const alert = ids && (await read(call.ctx, (db) => findOnlyAlertBetween(db, environmentId, ids)))
    return { alert, fingerprint: alert?.fingerprint }
  }
  if (type !== 'id') throw unusable('identifierType', 'identifierType is one of id, tiny and alias.')
  const id = given.toLowerCase()
  const alert = isUuid(id) ? await read(call.ctx, (db) => findAlertIn(db, environmentId, id)) : undefined
  return { alert, fingerprint: alert?.fingerprint }
}

export type Outcome = {
  readonly action: string
  readonly alertId: string | undefined
  readonly success: boolean
  /** A sentence for whoever asks what became of the request. */
  readonly outcome: string
}

export const noSuchAlert = (action: string): Outcome => ({
  action,
  alertId: undefined,
  success: false,
  outcome: 'Alert does not exist',
})

/** What was asked for is committed already: that its outcome cannot be written down must not make the sender repeat it. */
export const settle = async ({ ctx, key, exchange }: Call, outcome: Outcome): Promise<void> => {
  const { platform } = ctx
  try {
    await insertRequest(platform.database.db, {
      id: exchange.requestId,
      customer_id: key.customerId,
      environment_id: key.environmentId,
      key_id: key.keyId,
      action: outcome.action,
      processed_at: platform.clock.now(),
      alert_id: outcome.alertId ?? null,
      success: outcome.success,
      outcome: outcome.outcome,
    })
  } catch (error) {
    platform.log.warn({ err: (error as Error).message }, 'the outcome of a request could not be written down')
  }
}

/** Through the same door as every webhook: receipt, fold, page, in one transaction, in the order of arrival. */
export const submit = ({ ctx, key, intake, digest }: Call, alert: AlertFromSource): Promise<void> =>
  intake.submit(key, { alerts: [alert], digest, receivedAt: ctx.platform.clock.now() })
