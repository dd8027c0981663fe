/** Every address of the application; views are loaded when they are pointed at, their answers before they are shown. */
import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
  type RouterHistory,
} from '@tanstack/react-router'
import { readHome } from '../home/read-home.ts'
import { alertQuery } from '../operations/alerts/queries.ts'
import { incidentQuery } from '../operations/incidents/queries.ts'
import { environmentQuery } from '../people/environments/queries.ts'
import { isFailure } from './failure.ts'
import { Frame } from './Frame.tsx'
import { Crashed, NotFound } from './Lost.tsx'
import * as search from './search.ts'
import { meQuery } from './session.ts'

const rootRoute = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  component: Outlet,
  notFoundComponent: NotFound,
  errorComponent: Crashed,
})

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: search.signInSearch,
  component: lazyRouteComponent(() => import('./SignIn.tsx'), 'SignIn'),
})

const frameRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'frame',
  component: Frame,
  beforeLoad: async ({ context, location }) => {
    try {
      await context.queryClient.ensureQueryData(meQuery)
    } catch (error) {
      if (isFailure(error) && (error.status === 401 || error.status === 403))
        throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { to: location.href } })
      throw error
    }
  },
})

const inFrame = { getParentRoute: () => frameRoute }

const homeRoute = createRoute({
  ...inFrame,
  path: '/',
  loader: ({ context }) => void readHome(context.queryClient),
  component: lazyRouteComponent(() => import('../home/Home.tsx'), 'Home'),
})
const alertsRoute = createRoute({
  ...inFrame,
  path: '/alerts',
  validateSearch: search.alertSearch,
  component: lazyRouteComponent(() => import('../operations/alerts/AlertList.tsx'), 'AlertList'),
})
const alertRoute = createRoute({
  ...inFrame,
  path: '/alerts/$alertId',
  loader: ({ context, params }) => void context.queryClient.prefetchQuery(alertQuery(params.alertId)),
  component: lazyRouteComponent(() => import('../operations/alerts/AlertView.tsx'), 'AlertView'),
})
const rulesRoute = createRoute({
  ...inFrame,
  path: '/alerts/rules',
  validateSearch: search.ruleSearch,
  component: lazyRouteComponent(() => import('../operations/alert-rules/AlertRules.tsx'), 'AlertRules'),
})
const reportRoute = createRoute({
  ...inFrame,
  path: '/reports',
  validateSearch: search.reportSearch,
  component: lazyRouteComponent(() => import('../operations/reports/OnCallReport.tsx'), 'OnCallReport'),
})
const ruleSetRoute = createRoute({
  ...inFrame,
  path: '/alerts/rules/$set',
  validateSearch: search.ruleSetSearch,
  component: lazyRouteComponent(() => import('../operations/alert-rules/RuleSet.tsx'), 'RuleSet'),
})
const pagesRoute = createRoute({
  ...inFrame,
  path: '/pages',
  validateSearch: search.pageSearch,
  component: lazyRouteComponent(() => import('../operations/paging/PageList.tsx'), 'PageList'),
})
const onCallRoute = createRoute({
  ...inFrame,
  path: '/on-call',
  validateSearch: search.onCallSearch,
  component: lazyRouteComponent(() => import('../operations/on-call/OnCall.tsx'), 'OnCall'),
})
const newRotaRoute = createRoute({
  ...inFrame,
  path: '/on-call/new-rota',
  component: lazyRouteComponent(() => import('../operations/on-call/editing/RotaEditor.tsx'), 'NewRota'),
})
const editRotaRoute = createRoute({
  ...inFrame,
  path: '/on-call/rotas/$schedule',
  component: lazyRouteComponent(() => import('../operations/on-call/editing/RotaEditor.tsx'), 'EditRota'),
})
const newPolicyRoute = createRoute({
  ...inFrame,
  path: '/on-call/new-policy',
  component: lazyRouteComponent(() => import('../operations/on-call/editing/PolicyEditor.tsx'), 'NewPolicy'),
})
const editPolicyRoute = createRoute({
  ...inFrame,
  path: '/on-call/policies/$policy',
  component: lazyRouteComponent(() => import('../operations/on-call/editing/PolicyEditor.tsx'), 'EditPolicy'),
})

const incidentsRoute = createRoute({
  ...inFrame,
  path: '/incidents',
  validateSearch: search.incidentSearch,
  component: lazyRouteComponent(() => import('../operations/incidents/IncidentList.tsx'), 'IncidentList'),
})
const incidentRoute = createRoute({
  ...inFrame,
  path: '/incidents/$incidentId',
  loader: ({ context, params }) => void context.queryClient.prefetchQuery(incidentQuery(params.incidentId)),
  component: lazyRouteComponent(() => import('../operations/incidents/Cockpit.tsx'), 'Cockpit'),
})
const decisionsRoute = createRoute({
  ...inFrame,
  path: '/decisions',
  validateSearch: search.decisionSearch,
  component: lazyRouteComponent(() => import('../operations/decision-log/DecisionList.tsx'), 'DecisionList'),
})
const decisionRoute = createRoute({
  ...inFrame,
  path: '/decisions/$decisionId',
  component: lazyRouteComponent(() => import('../operations/decision-log/DecisionView.tsx'), 'DecisionView'),
})
const windowRoute = createRoute({
  ...inFrame,
  path: '/windows/$windowId',
  component: lazyRouteComponent(() => import('../operations/maintenance/WindowView.tsx'), 'WindowView'),
})
const operatorLogRoute = createRoute({
  ...inFrame,
  path: '/operator-log',
  validateSearch: search.operatorLogSearch,
  component: lazyRouteComponent(
    () => import('../operations/operator-log/OperatorLogList.tsx'),
    'OperatorLogList',
  ),
})
const operatorLogEntryRoute = createRoute({
  ...inFrame,
  path: '/operator-log/$entryId',
  validateSearch: search.recordingSearch,
  component: lazyRouteComponent(
    () => import('../operations/operator-log/OperatorLogEntry.tsx'),
    'OperatorLogEntry',
  ),
})
const recordingRoute = createRoute({
  ...inFrame,
  path: '/operator-log/recordings/$recordingId',
  validateSearch: search.recordingSearch,
  component: lazyRouteComponent(
    () => import('../operations/operator-log/RecordingPage.tsx'),
    'RecordingPage',
  ),
})
const customersRoute = createRoute({
  ...inFrame,
  path: '/customers',
  validateSearch: search.customerSearch,
  component: lazyRouteComponent(() => import('../people/customers/Customers.tsx'), 'Customers'),
})
const environmentRoute = createRoute({
  ...inFrame,
  path: '/environments/$environment',
  validateSearch: search.environmentSearch,
  loader: ({ context, params }) =>
    void context.queryClient.prefetchQuery(environmentQuery(params.environment)),
  component: lazyRouteComponent(
    () => import('../people/environments/EnvironmentView.tsx'),
    'EnvironmentView',
  ),
})
const evidenceRoute = createRoute({
  ...inFrame,
  path: '/evidence',
  validateSearch: search.evidenceSearch,
  component: lazyRouteComponent(() => import('../evidence/Evidence.tsx'), 'Evidence'),
})
const ledgerLogRoute = createRoute({
  ...inFrame,
  path: '/evidence/logs/$log',
  validateSearch: search.ledgerLogSearch,
  component: lazyRouteComponent(() => import('../evidence/ledger/LogView.tsx'), 'LogView'),
})
const ledgerEntryRoute = createRoute({
  ...inFrame,
  path: '/evidence/entries/$entryId',
  component: lazyRouteComponent(() => import('../evidence/ledger/EntryView.tsx'), 'EntryView'),
})
const packRoute = createRoute({
  ...inFrame,
  path: '/evidence/packs/$packId',
  component: lazyRouteComponent(() => import('../evidence/audit-packs/PackView.tsx'), 'PackView'),
})
const settingsRoute = createRoute({
  ...inFrame,
  path: '/settings',
  beforeLoad: () => {
    throw redirect({ to: '/settings/$section', params: { section: 'profile' } })
  },
})
const settingsSectionRoute = createRoute({
  ...inFrame,
  path: '/settings/$section',
  validateSearch: search.settingsSearch,
  component: lazyRouteComponent(() => import('../people/accounts/Settings.tsx'), 'Settings'),
})

const routeTree = rootRoute.addChildren([
  signInRoute,
  frameRoute.addChildren([
    homeRoute,
    alertsRoute,
    alertRoute,
    rulesRoute,
    ruleSetRoute,
    reportRoute,
    pagesRoute,
    onCallRoute,
    newRotaRoute,
    editRotaRoute,
    newPolicyRoute,
    editPolicyRoute,
    incidentsRoute,
    incidentRoute,
    decisionsRoute,
    decisionRoute,
    windowRoute,
    operatorLogRoute,
    operatorLogEntryRoute,
    recordingRoute,
    customersRoute,
    environmentRoute,
    evidenceRoute,
    ledgerLogRoute,
    ledgerEntryRoute,
    packRoute,
    settingsRoute,
    settingsSectionRoute,
  ]),
])

/** @param history the browser's own when none is given */
export const newRouter = (queryClient: QueryClient, history?: RouterHistory) =>
  createRouter({
    routeTree,
    context: { queryClient },
    ...(history ? { history } : {}),
    defaultPreload: 'intent',
    defaultPreloadDelay: 40,
    // The query cache decides what is fresh.
    defaultPreloadStaleTime: 0,
    defaultStructuralSharing: true,
    defaultErrorComponent: Crashed,
    defaultNotFoundComponent: NotFound,
    scrollRestoration: true,
    // Plain words stay plain in addresses that people copy: ?status=open, not ?status=%22open%22.
    parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
    stringifySearch: (fields) => {
      const query = new URLSearchParams()
      for (const [name, value] of Object.entries(fields))
        if (value !== undefined) query.set(name, String(value))
      const text = query.toString()
      return text === '' ? '' : `?${text}`
    },
  })

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof newRouter>
  }
}
