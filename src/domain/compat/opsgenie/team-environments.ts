/** Which environment a team's alerts come from: the source does not know, so whoever imports says it. */
import type { Directory } from './directory.ts'
import { at, textAt, type Place } from './fields.ts'

/** @property team its name or its id in the source; null: what belongs to no team */
export type TeamEnvironment = { readonly team: string | null; readonly environment: string }

export type TeamEnvironments = {
  /** Of a team that was taken over, by our slug. */
  readonly of: (slug: string) => readonly string[]
  readonly withoutTeam: readonly string[]
  /** Teams that were named and that the source does not have. */
  readonly unknown: readonly string[]
}

export const teamEnvironments = (given: readonly TeamEnvironment[], teams: Directory): TeamEnvironments => {
  const found = new Map<string, Set<string>>()
  const withoutTeam = new Set<string>()
  const unknown = new Set<string>()
  for (const { team, environment } of given) {
    if (team === null) {
      withoutTeam.add(environment)
      continue
    }
    const value = { id: team, name: team }
    const known = teams.find({ file: { path: '', value }, keys: [], value })
    if ('to' in known) found.set(known.to, (found.get(known.to) ?? new Set()).add(environment))
    else unknown.add(team)
  }
  return {
    of: (slug) => [...(found.get(slug) ?? [])],
    withoutTeam: [...withoutTeam],
    unknown: [...unknown],
  }
}

/** What the owner of a thing says about its environment; the reason where there is not exactly one. */
export const environmentOf = (
  owner: Place,
  teams: Directory,
  environments: TeamEnvironments,
): { readonly to: string } | { readonly why: string } => {
  const isOwned = textAt(owner, 'id') !== undefined || textAt(at(owner, 'name')) !== undefined
  const team = isOwned ? teams.find(owner) : undefined
  if (team && 'why' in team) return team
  const named = team ? environments.of(team.to) : environments.withoutTeam
  const [first, ...more] = named
  if (first !== undefined && more.length === 0) return { to: first }
  if (first !== undefined)
    return {
      why: `${named.join(' and ')} are named for ${team ? 'its team' : 'what has no team'}: enter it in the one that it watches`,
    }
  return {
    why: team
      ? 'it belongs to an environment here: name that of its team with --environment team=slug'
      : 'it belongs to an environment here, and no team owns it: name one with --environment slug',
  }
}
