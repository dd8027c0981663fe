/** Makes one plausible value for a JSON Schema, always the same one: sample bodies of events are written by no hand. */

type Schema = {
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema | boolean
  readonly prefixItems?: readonly Schema[]
  readonly minItems?: number
  readonly additionalProperties?: Schema | boolean
  readonly propertyNames?: Schema
  readonly pattern?: string
  readonly format?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
}

/** Tried in this order against a pattern; the first that fits is taken. */
const words = [
  'the sample',
  '01890000-0000-7000-8000-0000000000ff',
  'acme-prod',
  'acme',
  '2026-11-10',
  '2026-11-10T08:00:00.000Z',
  '08:00',
  'Europe/Stockholm',
  'P1',
  '1.34.2',
  'https://example.org/',
  'a'.repeat(64),
  'a'.repeat(40),
  'a'.repeat(16),
  'A'.repeat(43),
  'D-12',
  'acme-prod/D-12',
  '42',
]

const formats: Readonly<Record<string, string>> = {
  uuid: '01890000-0000-7000-8000-0000000000ff',
  email: 'ada@example.org',
  uri: 'https://example.org/',
  date: '2026-11-10',
  'date-time': '2026-11-10T08:00:00.000Z',
}

const sampleText = ({ pattern, format, minLength = 0 }: Schema): string => {
  if (format !== undefined && formats[format] !== undefined) return formats[format]
  const fitting = words.find(
    (word) => word.length >= minLength && (pattern === undefined || new RegExp(pattern, 'u').test(word)),
  )
  if (fitting === undefined)
    throw new Error(`no sample word fits ${pattern}; add one to tools/generate/sample-of-schema.ts`)
  return fitting
}

const sampleList = ({ prefixItems, items, minItems = 1 }: Schema): unknown[] => {
  const first = prefixItems?.map(sampleOf) ?? []
  if (typeof items !== 'object') return first
  return [...first, ...Array.from({ length: Math.max(1, minItems) - first.length }, () => sampleOf(items))]
}

const sampleObject = ({
  properties,
  additionalProperties,
  propertyNames,
}: Schema): Record<string, unknown> => {
  const own = Object.entries(properties ?? {}).map(([name, schema]) => [name, sampleOf(schema)])
  const more =
    typeof additionalProperties === 'object'
      ? [
          [
            propertyNames ? String(sampleOf({ type: 'string', ...propertyNames })) : 'name',
            sampleOf(additionalProperties),
          ],
        ]
      : []
  return Object.fromEntries([...own, ...more])
}

/** Optional fields are present, unions take their first branch, lists have one entry. */
export const sampleOf = (schema: Schema): unknown => {
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return schema.enum[0]
  const branches = schema.anyOf ?? schema.oneOf
  if (branches?.[0]) return sampleOf(branches[0])
  if (schema.allOf) return sampleOf(Object.assign({}, ...schema.allOf) as Schema)
  switch (Array.isArray(schema.type) ? (schema.type[0] as string) : schema.type) {
    case 'string':
      return sampleText(schema)
    case 'integer':
    case 'number':
      return Math.min(schema.maximum ?? Number.MAX_SAFE_INTEGER, Math.max(3, schema.minimum ?? 3))
    case 'boolean':
      return true
    case 'array':
      return sampleList(schema)
    case 'object':
      return sampleObject(schema)
    case 'null':
      return null
    default:
      return 'anything'
  }
}
