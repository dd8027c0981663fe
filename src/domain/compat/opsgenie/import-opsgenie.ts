/**
 * An OpsGenie account, as `opsgenie-configuration-backup` lays it out in a folder, becomes a configuration document of
 * ours and a report in which every field of the source stands exactly once: imported, changed or refused.
 */
import { directory } from './directory.ts'
import type { ConfigurationDocument } from './document.ts'
import { refusedField, rootOf, sortFields, type Fate, type SortedFields, type SourceFile } from './fields.ts'
import { importAccounts } from './import-accounts.ts'
import { importEscalations } from './import-escalations.ts'
import { importSchedules } from './import-schedules.ts'
import { importTeams } from './import-teams.ts'
import { namesOnce } from './naming.ts'

/** Something in the document that the source does not say. */
export type Added = { readonly path: string; readonly why: string }

export type OpsGenieImport = SortedFields & {
  readonly document: ConfigurationDocument
  readonly added: readonly Added[]
}

const POLICIES = 'alert and notification policies are not taken over yet'
/** Folders of which nothing is taken over, with the reason. */
const NOT_TAKEN_OVER: Readonly<Record<string, string>> = {
  customUserRoles:
    'roles of your own are not taken over: there is one table of permissions (docs/permissions.md)',
  forwardings:
    'forwardings are not taken over yet: enter those that are still to come on the page of the rotas',
  heartbeats: 'a heartbeat belongs to an environment here: enter it there, and point its sender to it',
  integrations:
    'each environment has keys of its own here; make them and give them to the senders (docs/opsgenie.md)',
  maintenance: 'maintenance windows are not taken over yet',
  orders: POLICIES,
  ordersV2: POLICIES,
  policies: POLICIES,
  policiesV2: POLICIES,
}

const folderOf = ({ path }: SourceFile): string => path.split('/')[0] ?? ''

const addedTo = ({ schedules, escalationPolicies }: ConfigurationDocument): Added[] => [
  ...schedules.map(({ slug }) => ({
    path: `schedules.${slug}.combine`,
    why: 'all: the rotations of a schedule are on call together in OpsGenie',
  })),
  ...escalationPolicies.map(({ slug }) => ({
    path: `escalationPolicies.${slug}.fallback`,
    why: 'administrators, because a policy must tell somebody when nobody is on call; name others',
  })),
]

/**
 * @param source files in any order, their paths beginning with the folder (`users/…`)
 * @param now    epoch milliseconds: what has ended by then is not taken over
 */
export const importOpsGenie = (source: readonly SourceFile[], now: number): OpsGenieImport => {
  const files = source.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
  const of = (folder: string): SourceFile[] => files.filter((file) => folderOf(file) === folder)
  const directories = {
    people: directory('user'),
    teams: directory('team'),
    schedules: directory('schedule'),
  }
  const fates: Fate[] = []
  const accounts = importAccounts(
    of('users'),
    of('customUserRoles'),
    { people: directories.people, handles: namesOnce() },
    fates,
  )
  const teams = importTeams(of('teams'), { ...directories, slugs: namesOnce() }, fates)
  const schedules = importSchedules(of('schedules'), { directories, slugs: namesOnce(), now }, fates)
  // The policy called default would serve every environment that names none: that is not for an import to decide.
  const policySlugs = namesOnce(['default'])
  const escalationPolicies = importEscalations(of('escalations'), { directories, slugs: policySlugs }, fates)
  for (const file of files) {
    const why = Object.hasOwn(NOT_TAKEN_OVER, folderOf(file)) ? NOT_TAKEN_OVER[folderOf(file)] : undefined
    if (why !== undefined) fates.push(refusedField(rootOf(file), why))
  }
  const document = { version: 1, accounts, teams, schedules, escalationPolicies } as const
  return { document, ...sortFields(files, fates), added: addedTo(document) }
}
