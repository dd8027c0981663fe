/** One alert as a detail page needs it: labels, pages, what people did. */
import type { AlertReply, alertRoutes } from '../../../contract/operations/alerts.ts'
import type { AlertRuleReply } from '../../../contract/operations/alert-rules.ts'
import type { ReplyOf } from '../../../contract/route.ts'
import { may } from '../../../domain/people/permissions.ts'
import type { Ctx } from '../../platform/context.ts'
import { notFound } from '../../platform/faults.ts'
import { read } from '../../platform/record.ts'
import { namesOf } from '../../people/accounts/store.ts'
import { knownRuleOf } from '../alert-rules/index.ts'
import { attachmentsOf } from './attachment-store.ts'
import { presentAlert } from './list-alerts.ts'
import { ofItself, peopleIn, presentActivity } from './present-activity.ts'
import { findActivity, findAlert, findPagesOf, findSuppressionOf, type SuppressionRow } from './store.ts'

/** Incidents of an alert are looked up by the incidents area, which knows their titles. */
export type IncidentsOf = (
  ctx: Ctx,
  alertId: string,
) => Promise<readonly { id: string; number: string; title: string }[]>

const linkOf = (rule: AlertRuleReply | null): string | null =>
  rule?.runbook.kind === 'link' ? rule.runbook.text : null

const priorityNamed = (priority: number) => `P${priority}` as AlertReply['priority']

const presentSuppression = (row: SuppressionRow | undefined) =>
  row === undefined
    ? null
    : {
        windowId: row.windowId,
        decision: { id: row.decisionId, number: `D-${row.number}` },
        until: row.until,
      }

export const getAlert = async (
  ctx: Ctx,
  { alertId }: { alertId: string },
  incidentsOf: IncidentsOf,
): Promise<ReplyOf<typeof alertRoutes.getAlert>> => {
  const incidents = await incidentsOf(ctx, alertId)
  return read(ctx, async (db) => {
    const row = await findAlert(db, alertId)
    if (!row) throw notFound('This alert')
    const rule = (await knownRuleOf(db, { environmentId: row.environment_id, ...row })) ?? null
    const pages = await findPagesOf(db, alertId)
    const activity = await findActivity(db, alertId)
    const names = await namesOf(db, activity.flatMap(peopleIn))
    const [mayTake, mayChange] = [may(ctx.actor, 'pages.acknowledge'), may(ctx.actor, 'alerts.change')]
    const standing = row.status !== 'closed'
    const suppression = standing ? await findSuppressionOf(db, alertId, ctx.platform.clock.now()) : undefined
    return {
      ...presentAlert(row),
      fingerprint: row.fingerprint,
      labels: row.labels,
      annotations: row.annotations,
      generatorUrl: row.generator_url,
      runbookUrl: row.annotations['runbook_url'] ?? linkOf(rule),
      rule,
      leniencies: row.leniencies,
      closedBy: row.closed_by,
      policies: (row.treatment?.policies ?? []).map((policy) => ({ ...policy })),
      sent: row.treatment?.sent
        ? {
            message: row.treatment.sent.summary,
            priority: priorityNamed(row.treatment.sent.priority),
          }
        : null,
      pages,
      incidents: [...incidents],
      attachments: (await attachmentsOf(db, alertId)).map((file) => ({
        id: file.id,
        fileName: file.file_name,
        mediaType: file.media_type,
        size: file.size,
        at: file.attached_at,
        by: { id: file.attached_by, name: file.attached_by_name },
      })),
      suppression: presentSuppression(suppression),
      activity: [
        ofItself(row.opened_at, 'opened'),
        ...activity.map((act) => presentActivity(act, names)),
        ...(row.closed_by === 'source' && row.closed_at
          ? [ofItself(row.closed_at, 'resolved-by-source')]
          : []),
      ],
      can: {
        acknowledge: row.status === 'open' && mayTake,
        unacknowledge: row.status === 'acknowledged' && mayTake,
        snooze: standing && mayTake,
        escalate: standing && mayChange,
        change: standing && mayChange,
        note: mayChange,
        close: standing && mayChange,
        readAttachments: may(ctx.actor, 'recordings.read'),
        openIncident: standing && may(ctx.actor, 'incidents.change'),
      },
    }
  })
}
