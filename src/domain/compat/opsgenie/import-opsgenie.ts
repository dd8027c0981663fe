/**
 * An OpsGenie account, as `opsgenie-configuration-backup` lays it out in a folder, becomes a configuration document of
 * ours and a report in which every field of the source stands exactly once: imported, changed or refused.
 */
import { directory } from './directory.ts'
import type {
  ConfigurationDocument,
  HeartbeatDocument,
  PolicyDocument,
  RoutingRuleDocument,
} from './document.ts'
import { refusedField, rootOf, sortFields, type Fate, type SortedFields, type SourceFile } from './fields.ts'
import { importAccounts } from './import-accounts.ts'
import { importEscalations } from './import-escalations.ts'
import { importHeartbeats } from './import-heartbeats.ts'
import { importForwardings, type AfterwardsCommand } from './import-overrides.ts'
import { importPolicies } from './import-policies.ts'
import { importRouting } from './import-routing.ts'
import { importSchedules } from './import-schedules.ts'
import { importTeams } from './import-teams.ts'
import { namesOnce } from './naming.ts'
import { teamEnvironments, type TeamEnvironment } from './team-environments.ts'

/** Something in the document that the source does not say. */
export type Added = { readonly path: string; readonly why: string }

export type OpsGenieImport = SortedFields & {
  readonly document: ConfigurationDocument
  readonly added: readonly Added[]
  /** What belongs to days and not to a team: commands to run once the document was applied. */
  readonly afterwards: readonly AfterwardsCommand[]
  /** Teams that an environment was named for and that the source does not have. */
  readonly unknownTeams: readonly string[]
}

const OLD_POLICIES =
  'policies of the old kind are not taken over: OpsGenie has turned them into those of policiesV2'
/** Folders of which nothing is taken over, with the reason. */
const NOT_TAKEN_OVER: Readonly<Record<string, string>> = {
  customUserRoles:
    'roles of your own are not taken over: there is one table of permissions (docs/permissions.md)',
  integrations:
    'each environment has keys of its own here; make them and give them to the senders (docs/opsgenie.md)',
  maintenance:
    'maintenance there turns policies and integrations off; a window here stands under a decision and names alerts of an environment: record the decision of what is still to come and plan its window (docs/maintenance-windows.md)',
  orders: OLD_POLICIES,
  policies: OLD_POLICIES,
}

const folderOf = ({ path }: SourceFile): string => path.split('/')[0] ?? ''

const LISTED =
  'its alert would be listed and page nobody: P3 to P5 page where a routing rule of the environment says so'

/** A heartbeat whose silence nobody would be told of, by the rules of this document. */
const isListed = (
  { environment, priority = 1 }: HeartbeatDocument,
  rules: readonly RoutingRuleDocument[],
): boolean =>
  priority > 2 &&
  !rules.some(
    ({ when, does }) =>
      'page' in does &&
      when.labels === undefined &&
      when.environments.includes(environment) &&
      (when.priorities?.some((name) => name === `P${priority}`) ?? true),
  )

const addedTo = (
  { schedules, escalationPolicies, heartbeats = [], routingRules = [] }: ConfigurationDocument,
  forSchedules: readonly PolicyDocument[],
): Added[] => [
  ...schedules.map(({ slug }) => ({
    path: `schedules.${slug}.combine`,
    why: 'all: the rotations of a schedule are on call together in OpsGenie',
  })),
  ...escalationPolicies.map(({ slug }) => ({
    path: `escalationPolicies.${slug}.fallback`,
    why: 'administrators, because a policy must tell somebody when nobody is on call; name others',
  })),
  ...forSchedules.map(({ slug }) => ({
    path: `escalationPolicies.${slug}`,
    why: 'tells who is on call, because a routing rule notifies the schedule itself and names a policy here',
  })),
  ...heartbeats
    .filter((heartbeat) => isListed(heartbeat, routingRules))
    .map(({ environment, name, priority }) => ({
      path: `heartbeats.${environment}/${name}.priority ${priority}`,
      why: LISTED,
    })),
]

/**
 * @param source       files in any order, their paths beginning with the folder (`users/…`)
 * @param now          epoch milliseconds: what has ended by then is not taken over
 * @param environments where the alerts of each team come from, which the source does not say
 */
export const importOpsGenie = (
  source: readonly SourceFile[],
  now: number,
  environments: readonly TeamEnvironment[] = [],
): OpsGenieImport => {
  const files = source.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
  const of = (folder: string): SourceFile[] => files.filter((file) => folderOf(file) === folder)
  const directories = {
    people: directory('user'),
    teams: directory('team'),
    schedules: directory('schedule'),
    escalations: directory('escalation'),
  }
  const { people } = directories
  const fates: Fate[] = []
  const afterwards: AfterwardsCommand[] = []
  const handles = namesOnce()
  const accounts = importAccounts(of('users'), of('customUserRoles'), { people, handles }, fates)
  const teams = importTeams(of('teams'), { ...directories, slugs: namesOnce() }, fates)
  const ofSchedules = { directories, slugs: namesOnce(), now, afterwards }
  const schedules = importSchedules(of('schedules'), ofSchedules, fates)
  afterwards.push(...importForwardings(of('forwardings'), { people, now }, fates))
  // The policy called default would serve every environment that names none: that is not for an import to decide.
  const policySlugs = namesOnce(['default'])
  const policies = importEscalations(of('escalations'), { directories, slugs: policySlugs }, fates)
  const named = teamEnvironments(environments, directories.teams)
  const ofRouting = { directories, environments: named, schedules, policySlugs, ids: namesOnce() }
  const routing = importRouting(of('teams'), ofRouting, fates)
  const ofHeartbeats = { teams: directories.teams, environments: named }
  const heartbeats = importHeartbeats(of('heartbeats'), ofHeartbeats, fates)
  const ofPolicies = { teams: directories.teams, environments: named, slugs: namesOnce() }
  const alertPolicies = importPolicies(of('policiesV2'), of('ordersV2'), ofPolicies, fates)
  for (const file of files) {
    const why = Object.hasOwn(NOT_TAKEN_OVER, folderOf(file)) ? NOT_TAKEN_OVER[folderOf(file)] : undefined
    if (why !== undefined) fates.push(refusedField(rootOf(file), why))
  }
  const escalationPolicies = [...policies, ...routing.policies]
  const document: ConfigurationDocument = {
    version: 1,
    accounts,
    teams,
    schedules,
    escalationPolicies,
    ...(routing.rules.length === 0 ? {} : { routingRules: routing.rules }),
    ...(alertPolicies.length === 0 ? {} : { alertPolicies }),
    ...(heartbeats.length === 0 ? {} : { heartbeats }),
  }
  const sorted = sortFields(files, fates)
  const added = addedTo(document, routing.policies)
  return { document, ...sorted, added, afterwards, unknownTeams: named.unknown }
}
