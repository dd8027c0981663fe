/** What an alert can be asked about: OpsGenie's fields by its names, and ours. The names, what they take, and words for a hint. */

/** `exact` compares whole values, `words` looks for a part; both without regard to case, `*` stands for anything. */
export type FieldKind = 'status' | 'truth' | 'priority' | 'number' | 'moment' | 'exact' | 'words'

type Field = { readonly kind: FieldKind; readonly about: string; readonly values?: readonly string[] }
const truth = ['true', 'false']

export const fields = {
  status: {
    kind: 'status',
    about: 'open means not closed',
    values: ['open', 'acknowledged', 'closed'],
  },
  acknowledged: { kind: 'truth', about: 'somebody has it, or had it', values: truth },
  isSeen: { kind: 'truth', about: 'the same as acknowledged', values: truth },
  snoozed: { kind: 'truth', about: 'it sleeps', values: truth },
  priority: { kind: 'priority', about: 'priority <= P2', values: ['P1', 'P2', 'P3', 'P4', 'P5'] },
  count: { kind: 'number', about: 'how often it was said' },
  createdAt: { kind: 'moment', about: 'createdAt > now-2h' },
  lastOccurredAt: { kind: 'moment', about: 'when it was said last' },
  snoozedUntil: { kind: 'moment', about: 'when it wakes' },
  alertId: { kind: 'exact', about: 'its id' },
  tinyId: { kind: 'exact', about: 'its short number' },
  alias: { kind: 'exact', about: 'the name its source gave it' },
  tag: { kind: 'exact', about: 'one of its tags' },
  owner: { kind: 'exact', about: 'handle, address or name; me, nobody', values: ['me', 'nobody'] },
  responders: { kind: 'exact', about: 'who was paged for it', values: ['me'] },
  teams: { kind: 'exact', about: 'its label team' },
  'integration.name': { kind: 'exact', about: 'the integration key it came with' },
  'details.key': { kind: 'exact', about: 'it has a label of this name' },
  'details.value': { kind: 'exact', about: 'a label has this value' },
  environment: { kind: 'exact', about: 'the environment as addresses name it' },
  customer: { kind: 'exact', about: 'the customer as addresses name them' },
  cluster: { kind: 'exact', about: 'its label cluster' },
  severity: { kind: 'exact', about: 'its label severity' },
  message: { kind: 'words', about: 'a part of its message' },
  description: { kind: 'words', about: 'a part of its description' },
  entity: { kind: 'words', about: 'a part of its entity' },
  source: { kind: 'words', about: 'a part of its source' },
  name: { kind: 'words', about: 'a part of its name' },
} as const satisfies Record<string, Field>

export type FieldName = keyof typeof fields
type Named<Kind extends FieldKind> = {
  [Name in FieldName]: (typeof fields)[Name]['kind'] extends Kind ? Name : never
}[FieldName]
export type TruthField = Named<'truth'>
export type MomentField = Named<'moment'>
export type ExactField = Named<'exact'>
/** `text` is what stands without a field: name or message. */
export type WordsField = Named<'words'> | 'text'

/** Other spellings that are in use. */
const synonyms: Readonly<Record<string, FieldName>> = { tags: 'tag', id: 'alertId', team: 'teams' }

const byLower = new Map<string, FieldName>(
  (Object.keys(fields) as FieldName[]).map((name) => [name.toLowerCase(), name]),
)

export const fieldNamed = (text: string): FieldName | undefined =>
  byLower.get(text.toLowerCase()) ?? (Object.hasOwn(synonyms, text) ? synonyms[text] : undefined)

/** Steps of one letter from one word to the other. */
const distance = (one: string, other: string): number => {
  let row = Array.from({ length: other.length + 1 }, (_, n) => n)
  for (const [i, letter] of [...one].entries()) {
    const next = [i + 1]
    for (let j = 0; j < other.length; j += 1)
      next.push(
        Math.min((row[j] ?? 0) + (letter === other[j] ? 0 : 1), (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1),
      )
    row = next
  }
  return row[other.length] ?? 0
}

/** The field that was probably meant, if one is near enough. */
export const nearestField = (text: string): FieldName | undefined => {
  if (text.length > 40) return undefined
  const near = [...byLower].map(([lower, name]) => ({ name, steps: distance(text.toLowerCase(), lower) }))
  const best = near.toSorted((a, b) => a.steps - b.steps)[0]
  return best && best.steps <= Math.max(1, Math.floor(text.length / 3)) ? best.name : undefined
}
