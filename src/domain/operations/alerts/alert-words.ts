/** Tags and details that people add to an alert and take away: within the bounds that its source keeps to as well. */
import { refuse, type Refusal } from '../../refusal.ts'

export const MOST_TAGS = 20
export const LONGEST_TAG = 50
export const MOST_DETAILS = 64

type Texts = Readonly<Record<string, string>>

/** Order is kept, what is new comes last. A tag is the same tag in capitals. */
export const withTags = (
  tags: readonly string[],
  { add, remove }: { readonly add: readonly string[]; readonly remove: readonly string[] },
): readonly string[] | Refusal<'too-many-tags'> => {
  const gone = new Set(remove.map((tag) => tag.toLowerCase()))
  const kept = tags.filter((tag) => !gone.has(tag.toLowerCase()))
  const known = new Set(kept.map((tag) => tag.toLowerCase()))
  for (const tag of add) {
    if (known.has(tag.toLowerCase())) continue
    known.add(tag.toLowerCase())
    kept.push(tag)
  }
  return kept.length > MOST_TAGS
    ? refuse('too-many-tags', `An alert has at most ${MOST_TAGS} tags. Take one away first.`)
    : kept
}

export const withDetails = (
  details: Texts,
  { set, remove }: { readonly set: Texts; readonly remove: readonly string[] },
): Texts | Refusal<'too-many-details'> => {
  const gone = new Set(remove)
  // Without a prototype, so that a detail named like a built-in property is a detail and nothing else.
  const after = Object.create(null) as Record<string, string>
  for (const [name, value] of Object.entries(details)) if (!gone.has(name)) after[name] = value
  for (const [name, value] of Object.entries(set)) after[name] = value
  return Object.keys(after).length > MOST_DETAILS
    ? refuse('too-many-details', `An alert has at most ${MOST_DETAILS} details. Take one away first.`)
    : after
}
