/** Alerts as other areas see them. */
import type { FastifyInstance } from 'fastify'
import { alertPolicyRoutes } from '../../../contract/operations/alert-policies.ts'
import { alertRoutes } from '../../../contract/operations/alerts.ts'
import type { Ctx, Platform } from '../../platform/context.ts'
import { bind } from '../../platform/http/bind.ts'
import type { Priority } from '../../../domain/operations/alerts/priority.ts'
import { acknowledgeAlert } from './acknowledge-alert.ts'
import { actOnAlerts, getBulk } from './act-on-many.ts'
import { activityFile } from './activity-file.ts'
import { attachToAlert, eraseAttachment, readAttachment } from './attachments.ts'
import { assignAlert } from './assign-alert.ts'
import { closeAlert } from './close-alert.ts'
import { changeDetails, editAlert, tagAlert } from './edit-alert.ts'
import { addResponder, escalateAlert } from './escalate-alert.ts'
import { getAlert, type IncidentsOf } from './get-alert.ts'
import { countAlertsFound, groupAlerts } from './group-alerts.ts'
import { intakeOf } from './intake.ts'
import { listAlerts } from './list-alerts.ts'
import './views-section.ts'
import { listAlertViews, removeAlertView, saveAlertView } from './views.ts'
import { writeNote } from './note-on-alert.ts'
import { bindAlertmanager } from './receive-alertmanager.ts'
import { getAlertPolicies, replaceAlertPolicies } from './policies/policies.ts'
import { tryAlertPolicies } from './policies/try-policies.ts'
// What a team keeps in a file: declared while this area loads.
import './policies/section.ts'
import { endSnooze, snoozeAlert } from './snooze-alert.ts'
import { unacknowledgeAlert } from './unacknowledge-alert.ts'

export {
  conditionDocument,
  conditionFrom,
  documentOfCondition,
  idNamed,
  readCondition,
  referencesOfCondition,
  writtenCondition,
} from './conditions/condition-document.ts'
export {
  namedByConditions,
  slugsForConditions,
  slugsOf,
  type Named,
  type Slugs,
} from './conditions/condition-store.ts'
export { endsOf } from './policies/policy-store.ts'
export type { OpenedAlert } from './events.ts'
export { findAlert, type AlertListRow } from './store.ts'

/** @param incidentsOf a read of an area that stands on alerts; the place that knows all areas hands it in */
export const bindAlerts = async (
  http: FastifyInstance,
  platform: Platform,
  neighbours: { incidentsOf: IncidentsOf },
): Promise<void> => {
  const intake = intakeOf(platform)
  http.addHook('onClose', () => intake.close())
  await bindAlertmanager(http, platform, intake)
  const detail = (ctx: Ctx, input: { alertId: string }) => getAlert(ctx, input, neighbours.incidentsOf)
  /** What was done, and then the alert as it stands. */
  const thenShown =
    <Input extends { alertId: string }>(verb: (ctx: Ctx, input: Input) => Promise<unknown>) =>
    async (ctx: Ctx, input: Input) => {
      await verb(ctx, input)
      return detail(ctx, input)
    }
  bind(http, alertPolicyRoutes, { getAlertPolicies, replaceAlertPolicies, tryAlertPolicies })
  bind(http, alertRoutes, {
    listAlerts,
    groupAlerts,
    listAlertViews,
    saveAlertView,
    removeAlertView,
    countAlerts: countAlertsFound,
    getAlert: detail,
    acknowledgeAlert: thenShown(acknowledgeAlert),
    closeAlert,
    actOnAlerts,
    getBulk,
    unacknowledgeAlert: thenShown(unacknowledgeAlert),
    assignAlert: thenShown(assignAlert),
    snoozeAlert: thenShown(snoozeAlert),
    endSnooze: thenShown(endSnooze),
    escalateAlert: thenShown(escalateAlert),
    addResponder: thenShown(addResponder),
    noteOnAlert: thenShown(writeNote),
    attachToAlert: async (ctx, input, request) => {
      await attachToAlert(ctx, input, request.body)
      return detail(ctx, input)
    },
    readAlertAttachment: readAttachment,
    eraseAlertAttachment: thenShown(eraseAttachment),
    alertActivityFile: async (ctx, input) => activityFile(await detail(ctx, input), input.format ?? 'md'),
    tagAlert: thenShown(tagAlert),
    changeDetails: thenShown(changeDetails),
    editAlert: thenShown((ctx, { priority, ...words }) =>
      editAlert(ctx, {
        ...words,
        ...(priority === undefined ? {} : { priority: Number(priority.slice(1)) as Priority }),
      }),
    ),
  })
}
