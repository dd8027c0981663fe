/** Teams in a configuration document: people by handle, in the order in which they are told. */
import { teamEntry, type TeamEntry } from '../../../contract/people/configuration.ts'
import type { Tx } from '../../platform/database.ts'
import { staffNamed } from '../accounts/find-account.ts'
import { putTeamAway, takeTeamBack } from '../teams/archive-team.ts'
import { addTeam } from '../teams/create-team.ts'
import { allTeams, type Member } from '../teams/store.ts'
import { changeTeam } from '../teams/update-team.ts'
import { configurationSection } from './section.ts'

const membersOf = async (tx: Tx, { members }: TeamEntry): Promise<Member[]> => {
  const found: Member[] = []
  for (const { person, role = 'member' } of members)
    found.push({ accountId: (await staffNamed(tx, person)).id, role })
  return found
}

configurationSection<TeamEntry>({
  key: 'teams',
  kind: 'team',
  // After the people who are in them, before the rotas that name them.
  order: 25,
  schema: teamEntry,
  nameOf: ({ slug }) => slug,
  references: ({ members }) =>
    members.map(({ person }, place) => ({
      path: ['members', place, 'person'],
      section: 'accounts',
      name: person,
    })),
  canonical: ({ members, ...entry }) => ({
    ...entry,
    members: members.map(({ person, role }) => ({ person, role: role ?? 'member' })),
  }),
  read: async (db) =>
    (await allTeams(db))
      .filter(({ archivedAt }) => archivedAt === null)
      .map(({ slug, name, members }) => ({
        slug,
        name,
        members: members.map(({ handle, role }) => ({ person: handle, role })),
      })),
  archived: async (db) =>
    (await allTeams(db)).filter(({ archivedAt }) => archivedAt !== null).map(({ slug }) => slug),
  create: async (tx, entry) => {
    await addTeam(tx, { ...entry, members: await membersOf(tx.db, entry) })
  },
  update: async (tx, entry) => {
    await changeTeam(tx, entry.slug, { name: entry.name, members: await membersOf(tx.db, entry) })
  },
  archive: async (tx, slug) => {
    await putTeamAway(tx, slug)
  },
  restore: async (tx, slug) => {
    await takeTeamBack(tx, slug)
  },
})
