/** Paging as other areas see it. */
import type { FastifyInstance } from 'fastify'
import { pageRoutes } from '../../../contract/operations/pages.ts'
import { drillRoutes } from '../../../contract/operations/drills.ts'
import { routingRoutes } from '../../../contract/operations/routing.ts'
import { notificationRuleRoutes } from '../../../contract/operations/notification-rules.ts'
import { readinessRoutes } from '../../../contract/operations/readiness.ts'
import { responseTimeRoutes } from '../../../contract/operations/response-times.ts'
import type { Platform } from '../../platform/context.ts'
import { bind } from '../../platform/http/bind.ts'
import { acknowledgePage } from './acknowledge-page.ts'
import { callOut } from './call-out.ts'
import { bindBundlePages } from './bundles/bundle-pages.ts'
import { bindChat } from './chat/bind-chat.ts'
import { pushPublicKey } from './channels/web-push.ts'
import { getNotificationRules, replaceNotificationRules } from './notification-rules.ts'
import { answerDrill } from './drills/answer-drill.ts'
import { listDrillPlans, putDrillPlan, removeDrillPlan } from './drills/drill-plans.ts'
import { getDrill, listDrills, showProven } from './drills/read-drills.ts'
import { startDrill } from './drills/start-drill.ts'
import { bindPagePages } from './page-pages.ts'
import {
  listPushSubscriptions,
  removePushSubscription,
  subscribePush,
  testPush,
} from './push-subscriptions.ts'
import { getPage, listPages } from './read-pages.ts'
import { showReadiness } from './readiness.ts'
import { listResponseTimes, putResponseTimes } from './response-times/response-times.ts'
import { bindTelephony } from './telephony/bind-telephony.ts'
import { getRouting, replaceRouting, tryRouting } from './routing/routing.ts'
import {
  archiveServiceHours,
  assignServiceHours,
  createServiceHours,
  listServiceHours,
  replaceServiceHours,
} from './routing/service-hours.ts'
// What a team keeps in a file: declared while this area loads.
import './drills/sections.ts'
import './response-times/section.ts'
import './routing/sections.ts'
import './tasks.ts'

export { readinessOf } from './readiness.ts'
export { whomToRing } from './whom-to-ring.ts'

export const bindPaging = (http: FastifyInstance, platform: Platform): void => {
  bind(http, pageRoutes, {
    listPages,
    callOut,
    getPage,
    acknowledgePage: async (ctx, input) => {
      await acknowledgePage(ctx, input)
      return getPage(ctx, input)
    },
    pushPublicKey: async () => ({ publicKey: pushPublicKey(platform) }),
    subscribePush,
    listPushSubscriptions,
    removePushSubscription,
    testPush,
  })
  bind(http, notificationRuleRoutes, { getNotificationRules, replaceNotificationRules })
  bind(http, readinessRoutes, { showReadiness })
  bind(http, responseTimeRoutes, { listResponseTimes, putResponseTimes })
  bind(http, drillRoutes, {
    listDrills,
    startDrill,
    getDrill,
    answerDrill,
    listDrillPlans,
    putDrillPlan,
    removeDrillPlan,
    showProven,
  })
  bind(http, routingRoutes, {
    getRouting,
    replaceRouting,
    tryRouting,
    listServiceHours,
    createServiceHours,
    replaceServiceHours,
    archiveServiceHours,
    assignServiceHours,
  })
  bindPagePages(http)
  bindBundlePages(http)
  bindTelephony(http, platform)
  bindChat(http, platform)
}
