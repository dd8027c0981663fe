// Holds areas to the same path in every room, so that one listing prints a whole feature.
import { halves, placeOf } from './rooms.ts'
import { isTest, type Finding } from './source-files.ts'

/** The areas of ARCHITECTURE.md; a new one is added here when its feature is built. */
export const areas: readonly string[] = [
  ...[
    'on-call',
    'alerts',
    'alert-rules',
    'reports',
    'heartbeats',
    'phone-lines',
    'paging',
    'service-desk',
    'incidents',
    'decision-log',
    'operator-log',
    'maintenance',
    'uptime',
    'run-book',
  ].map((name) => `operations/${name}`),
  ...['requirements', 'backlog', 'sprints', 'meetings', 'pull-requests', 'releases'].map(
    (name) => `development/${name}`,
  ),
  ...[
    'installation',
    'accounts',
    'teams',
    'contact-methods',
    'sign-in',
    'tokens',
    'customers',
    'environments',
    'configuration',
  ].map((name) => `people/${name}`),
  ...['ledger', 'audit-packs'].map((name) => `evidence/${name}`),
  // Dialects of other systems, by the name of the system.
  ...['opsgenie', 'pagerduty', 'alertmanager'].map((name) => `compat/${name}`),
]

/** Files shared by a half (permissions) or leading into it (index, store, routes) lie directly in its folder. */
const sharedFiles = /^src\/[a-z]+\/(operations|development|people|evidence|compat)\/[^/]+\.(ts|tsx)$/

export function unknownAreas(paths: readonly string[]): Finding[] {
  return paths.flatMap((path) => {
    const place = placeOf(path)
    if (!place || isTest(path) || !/\.(ts|tsx|css)$/.test(path)) return []
    const inHalf = halves.some((half) => place.area.startsWith(`${half}/`))
    if (!inHalf || areas.includes(place.area) || sharedFiles.test(path)) return []
    return [
      { path, message: `${place.area} is not an area that every room knows (tools/tidy/area-names.ts)` },
    ]
  })
}
