/** Who is who in a source: a reference names its target by id, or by name where the id is missing. */
import { imported, refusedField, textAt, type Fate, type Place } from './fields.ts'

type Known = { readonly to: string } | { readonly why: string }

/** Of one kind of thing: people, teams or schedules. */
export type Directory = {
  readonly add: (place: Place, names: readonly string[], known: Known) => void
  readonly find: (reference: Place) => Known
}

const nameOf = (reference: Place): string | undefined =>
  textAt(reference, 'username') ?? textAt(reference, 'name')

/** Addresses are the same in any letter case, and so are names, for OpsGenie. */
const folded = (name: string): string => name.trim().toLowerCase()

/** @param what 'user', 'team', 'schedule' or 'escalation', as the source calls them */
export const directory = (what: string): Directory => {
  const byId = new Map<string, Known>()
  const byName = new Map<string, Known>()
  return {
    add: (place, names, known) => {
      const id = textAt(place, 'id')
      if (id !== undefined && !byId.has(id)) byId.set(id, known)
      for (const name of names.map(folded)) if (!byName.has(name)) byName.set(name, known)
    },
    find: (reference) => {
      const name = nameOf(reference)
      const known =
        byId.get(textAt(reference, 'id') ?? '') ?? (name === undefined ? undefined : byName.get(folded(name)))
      return known ?? { why: `the source has no such ${what}` }
    },
  }
}

export type Directories = {
  readonly people: Directory
  readonly teams: Directory
  readonly schedules: Directory
  readonly escalations: Directory
}

/** A reference that was found is imported as a whole: its id and its name said the same. */
export const referenceFate = (reference: Place, known: Known): Fate =>
  'to' in known ? imported(reference, known.to) : refusedField(reference, known.why)
