/** Teams become teams; which alerts went to them is for routing rules to say (import-routing.ts). */
import { referenceFate, type Directory } from './directory.ts'
import type { TeamDocument } from './document.ts'
import { at, changed, entriesOf, imported, refusedField, rootOf, textAt } from './fields.ts'
import type { Fate, Place, SourceFile, Taken } from './fields.ts'
import { lineOf, slugOf, type Names } from './naming.ts'

const MOST_MEMBERS = 100

export const CALLED_BY_SLUG = 'called by its slug here'
export const ONE_LINE = 'a name is one line of at most 100 visible characters'

const WITHOUT_PLACE: Readonly<Record<string, string>> = {
  description: 'teams have no description here',
  links: 'addresses of OpsGenie’s API end with it',
}

type Member = TeamDocument['members'][number]

const memberFrom = (place: Place, people: Directory, known: ReadonlySet<string>): Taken<Member> => {
  const user = at(place, 'user')
  const person = people.find(user)
  if ('why' in person) return person
  if (known.has(person.to)) return { why: 'stands in this team a second time' }
  const given = textAt(place, 'role')
  const role = given === 'admin' ? 'admin' : 'member'
  const fates = [
    referenceFate(user, person),
    given === 'admin' || given === 'user'
      ? imported(at(place, 'role'), role)
      : changed(at(place, 'role'), role, 'roles of your own in a team are not taken over'),
  ]
  return { taken: { person: person.to, role }, fates }
}

const membersFrom = (team: Place, people: Directory, fates: Fate[]): Member[] => {
  const members: Member[] = []
  const known = new Set<string>()
  for (const place of entriesOf(at(team, 'members'))) {
    const member: Taken<Member> =
      members.length >= MOST_MEMBERS
        ? { why: `a team has at most ${MOST_MEMBERS} members here` }
        : memberFrom(place, people, known)
    if ('why' in member) {
      fates.push(refusedField(place, member.why))
      continue
    }
    members.push(member.taken)
    known.add(member.taken.person)
    fates.push(...member.fates)
  }
  // A list without anybody is a field by itself.
  const given = at(team, 'members')
  if (Array.isArray(given.value) && given.value.length === 0) fates.push(imported(given, 'members'))
  return members
}

const teamFrom = (root: Place, people: Directory, slugs: Names): Taken<TeamDocument> => {
  const team = at(root, 'team')
  const given = textAt(team, 'name')
  const name = lineOf(given ?? '')
  if (name === undefined) return { why: 'a team without a name cannot be called' }
  const slug = slugs.give(slugOf(name, 'team'))
  const fates: Fate[] = [
    changed(at(team, 'id'), slug, CALLED_BY_SLUG),
    name === given
      ? imported(at(team, 'name'), `teams.${slug}.name`)
      : changed(at(team, 'name'), name, ONE_LINE),
  ]
  const members = membersFrom(team, people, fates)
  fates.push(
    ...Object.entries(WITHOUT_PLACE).map(([field, why]) => refusedField(at(team, field), why)),
    refusedField(at(root, 'teamRoles'), 'rights go by the roles of accounts here (docs/permissions.md)'),
  )
  return { taken: { slug, name, members }, fates }
}

export const importTeams = (
  files: readonly SourceFile[],
  { people, teams, slugs }: { readonly people: Directory; readonly teams: Directory; readonly slugs: Names },
  fates: Fate[],
): TeamDocument[] =>
  files.map(rootOf).flatMap((root) => {
    const place = at(root, 'team')
    const team = teamFrom(root, people, slugs)
    const names = [textAt(place, 'name') ?? []].flat()
    if ('why' in team) {
      teams.add(place, names, { why: `the team was refused: ${team.why}` })
      fates.push(refusedField(root, team.why))
      return []
    }
    teams.add(place, names, { to: team.taken.slug })
    fates.push(...team.fates)
    return [team.taken]
  })
