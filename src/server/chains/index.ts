/** The links of the chain in VISION's order: one file a link, and this list of them. */
import type { Reactions } from '../platform/reactions.ts'
import { actToIncident } from './act-to-incident.ts'
import { alertToPage } from './alert-to-page.ts'
import { callToPage } from './call-to-page.ts'
import { drillToAlert } from './drill-to-alert.ts'
import { decisionToWindow } from './decision-to-window.ts'
import { erasureToPacks } from './erasure-to-packs.ts'
import { heartbeatToAlert } from './heartbeat-to-alert.ts'
import { incidentToPage } from './incident-to-page.ts'
import { missedCallToAlert } from './missed-call-to-alert.ts'
import { pageToAlert } from './page-to-alert.ts'
import { restoreToPaging } from './restore-to-paging.ts'
import { recordingToDecision } from './recording-to-decision.ts'
import { windowToPage } from './window-to-page.ts'

export const registerChains = (reactions: Reactions): void => {
  heartbeatToAlert(reactions)
  drillToAlert(reactions)
  missedCallToAlert(reactions)
  callToPage(reactions)
  alertToPage(reactions)
  pageToAlert(reactions)
  recordingToDecision(reactions)
  actToIncident(reactions)
  incidentToPage(reactions)
  restoreToPaging(reactions)
  erasureToPacks(reactions)
  decisionToWindow(reactions)
  windowToPage(reactions)
}
