/** The public face of people: routes to bind, the first start, and what other areas may ask. */
import type { FastifyInstance } from 'fastify'
import type { Platform } from '../platform/context.ts'
import { bindAccounts } from './accounts/routes.ts'
import { bindConfiguration } from './configuration/routes.ts'
import { bindContactMethods } from './contact-methods/routes.ts'
import { bindCustomers } from './customers/routes.ts'
import { bindEnvironments } from './environments/routes.ts'
import { bindInstallation } from './installation/routes.ts'
import { bindSignIn } from './sign-in/routes.ts'
import { bindTeams } from './teams/routes.ts'
import { bindTokens } from './tokens/routes.ts'

export { ensureInstallation } from './installation/ensure-installation.ts'
export { setupLink } from './installation/setup-link.ts'
export { findInstallation } from './installation/store.ts'
export { readerOf, readerOfAccount } from './accounts/reader.ts'
export { namesOf, type PersonName } from './accounts/store.ts'
export { accountOrFault, staffNamed } from './accounts/find-account.ts'
export { customerOrFault, customerNamed } from './customers/find-customer.ts'
export { environmentOrFault, environmentNamed } from './environments/find-environment.ts'
export {
  configurationSection,
  EntryFault,
  type ConfigurationSection,
  type EntryPath,
} from './configuration/section.ts'
export { teamMembersAsKnown } from './teams/members-as-known.ts'
export { membersOfTeams, rolesInTeam, teamChangesIn, teamNames, type TeamMembers } from './teams/store.ts'
export type { Change } from './changes.ts'
export { integrationOf, type KnownKey } from './environments/integration-key.ts'

/** Verbs for whoever seeds an installation without HTTP: the demo, the simulator, tests. */
export { inviteFromHost } from './accounts/invite-from-host.ts'
export { createAccount } from './accounts/create-account.ts'
export { createCustomer } from './customers/create-customer.ts'
export { createEnvironment } from './environments/create-environment.ts'
export { addCluster } from './environments/change-clusters.ts'
export { createKey } from './environments/change-keys.ts'
export { createMyToken } from './tokens/change-tokens.ts'
export { applyConfiguration } from './configuration/apply-configuration.ts'
export { bindChoosePerson } from './sign-in/choose-person.ts'
export { openSession } from './sign-in/open-session.ts'

export const bindPeople = (http: FastifyInstance, _platform: Platform): void => {
  bindInstallation(http)
  bindAccounts(http)
  bindSignIn(http)
  bindTokens(http)
  bindContactMethods(http)
  bindCustomers(http)
  bindTeams(http)
  bindEnvironments(http)
  bindConfiguration(http)
}
