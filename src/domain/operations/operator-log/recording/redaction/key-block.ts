/** Follows a private key over its lines, since no single line of it says what it is. */

const BEGIN = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----/
const END = /-----END [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----/

/** Base64, alone on its line but for what pagers, diffs, YAML and JSON put around it; or a PEM header, or nothing. */
const BODY =
  /^[\s\d:+\-|│>"']{0,40}(?:[A-Za-z0-9+/=]*\\?n?["',\s]*|(?:Proc-Type|DEK-Info|Version|Comment|Hash):.*)$/

/** Lines of something else (a log line of a background job) that may stand inside a key before we call it unfinished. */
const FOREIGN_LINES_MAX = 3

export type KeyBlock = {
  readonly kind: 'key'
  /** Raw offset of the first character to cut. */
  readonly from: number
  /** Raw offset behind the last line that belongs to the key for certain. */
  readonly to: number
  readonly body: string
  readonly foreignLines: number
}

/** Visible offset of a key that begins in this line and does not end in it. */
export const keyBeginsAt = (line: string): number | null => {
  const begin = BEGIN.exec(line)
  if (begin === null) return null
  // A line may hold a whole key and the beginning of a second one.
  let at = begin.index
  let rest = line.slice(at)
  for (;;) {
    const end = END.exec(rest)
    if (end === null) return at
    const after = end.index + end[0].length
    const next = BEGIN.exec(rest.slice(after))
    if (next === null) return null
    at += after + next.index
    rest = line.slice(at)
  }
}

export type KeyLine =
  | { readonly ends: true; readonly visibleTo: number }
  | { readonly ends: false; readonly belongs: boolean }

/** What one further line is to an open key. */
export const readKeyLine = (line: string): KeyLine => {
  const end = END.exec(line)
  if (end !== null) return { ends: true, visibleTo: end.index + end[0].length }
  return { ends: false, belongs: BODY.test(line) }
}

export const isUnfinished = (block: KeyBlock): boolean => block.foreignLines >= FOREIGN_LINES_MAX
