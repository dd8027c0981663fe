/** A few words that stand for an entry in a list, whatever area it comes from. */

/** Fields that say in one line what it is about, the most telling first. */
const TELLING = [
  'what',
  'title',
  'summary',
  'releasedSummary',
  'name',
  'fileName',
  'question',
  'reason',
  'text',
  'slug',
]
const MOST_CHARACTERS = 200

/** null where nothing tells, or what told was erased. */
export const headlineOf = (body: Readonly<Record<string, unknown>>): string | null => {
  const telling = TELLING.map((name) => body[name]).find(
    (value) => typeof value === 'string' && value.trim() !== '',
  )
  const number = typeof body['number'] === 'string' ? body['number'] : undefined
  const line = (telling as string | undefined)?.trim().split('\n')[0]?.slice(0, MOST_CHARACTERS)
  const words = [number, line].filter((word) => word !== undefined).join(' ')
  return words === '' ? null : words
}
