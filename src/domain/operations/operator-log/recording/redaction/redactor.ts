/** Finds secrets in a stream of terminal output, however it is cut into pieces, and gives nothing away too early. */
import { openSecretSearch } from './secret-rule.ts'
import type { SecretRule, SecretSearch, SecretSpan } from './secret-rule.ts'
import { openStructureFollower, TELLING_LINE } from './structure-follower.ts'
import type { PlacedLine, StructureFollower, StructureSpan } from './structure-follower.ts'
import { keptEscapes, visibleText } from './visible-text.ts'
import type { VisibleText } from './visible-text.ts'

/** Replace the stream's characters `from`..`to` (counted since its beginning) by `replacement`. */
export type Edit = {
  readonly from: number
  readonly to: number
  readonly rule: string
  readonly replacement: string
}

/** Everything before `through` is settled: `edits` are all that are to be made in it, in order, without overlap. */
export type Settled = { readonly through: number; readonly edits: readonly Edit[] }

export type RedactorOptions = {
  readonly rules: readonly SecretRule[]
  /** Exact values that must never appear, one line each. */
  readonly known: readonly string[]
  /** Names a secret without revealing it: the same secret, the same name. A keyed hash; the key dies with the session. */
  readonly tag: (secret: string) => string
  /** Returns null for what is no base64 of text. With it, a Secret's decoded values are known from then on. */
  readonly decodeBase64?: (text: string) => string | null
}

export type Redactor = {
  readonly push: (text: string) => Settled
  /** The output is over (a prompt comes): settles everything. */
  readonly end: () => Settled
  /** From now on, until `end`, whole lines are secret. */
  readonly beginSecretOutput: () => void
  readonly learn: (values: readonly string[]) => void
  /** Redacts a text that stands alone, such as a command line. */
  readonly redactText: (text: string) => string
  readonly findsIn: (text: string) => boolean
  /** How many were cut, by rule. Never what was cut. */
  readonly counts: () => Readonly<Record<string, number>>
}

/** A line longer than this without a newline (full-screen programs, progress bars) is settled but for its tail. */
const LONG_LINE = 16 * 1024
/** Longer than any token up to where a rule recognises it. */
const TAIL = 8 * 1024
const HELD_LINE_MAX = 64 * 1024
const PIECE = 32 * 1024
const LEARNED_MAX = 200

export const openRedactor = (options: RedactorOptions): Redactor => {
  const follower = openStructureFollower()
  const known = new Set(options.known.filter((value) => value.length >= 4 && !value.includes('\n')))
  let search: SecretSearch | null = null
  const counts: Record<string, number> = {}
  let pending = ''
  /** Offset in the stream of `pending[0]`. */
  let base = 0
  /** How much of `pending` has been searched; more than zero only while a structure holds it back. */
  let searched = 0
  let edits: Edit[] = []
  let secretOutput = false
  /** Inside a line that was too long to hold and is cut to its end. */
  let cutting = false

  const find = (text: string): readonly SecretSpan[] => {
    search ??= openSecretSearch(options.rules, [...known])
    return search.find(text)
  }

  const learn = (values: readonly string[]): void => {
    for (const value of values) {
      if (known.has(value) || value.includes('\n')) continue
      known.add(value)
      search = null
    }
    // The caller's own values come first and are never dropped for learned ones.
    for (const value of known) {
      if (known.size <= options.known.length + LEARNED_MAX) break
      if (!options.known.includes(value)) known.delete(value)
    }
  }

  const edit = (from: number, to: number, rule: string, secret: string): Edit => ({
    from,
    to,
    rule,
    replacement: `‹redacted:${rule}#${options.tag(secret)}›`,
  })

  const cut = (from: number, to: number, rule: string, secret: string): void => {
    edits.push(edit(from, to, rule, secret))
  }

  const findAlone = (text: string): readonly Edit[] => {
    const visible = visibleText(text)
    const alone = openStructureFollower()
    const structures = [...followStructures(alone, visible.text, visible.rawOffset), ...alone.end()]
    const spans = find(visible.text)
    return withoutOverlap([
      ...structures.map((span) => edit(span.from, span.to, span.rule, span.secret)),
      ...spans.map((span) => {
        const to = visible.rawOffset(span.to - 1) + 1
        return edit(visible.rawOffset(span.from), to, span.rule, visible.text.slice(span.from, span.to))
      }),
    ])
  }

  const cutStructure = (spans: readonly StructureSpan[]): void => {
    for (const span of spans) {
      cut(span.from, span.to, span.rule, span.secret)
      const decoded = span.rule === 'secret-manifest' ? options.decodeBase64?.(span.secret) : null
      if (decoded !== null && decoded !== undefined) learn(worthKnowing(decoded))
    }
  }

  const searchWhole = (start: number, end: number): void => {
    const raw = pending.slice(start, end)
    const visible = visibleText(raw)
    const at = (offset: number): number => base + start + visible.rawOffset(offset)
    cutStructure(followStructures(follower, visible.text, at))
    cutSpans(find(visible.text), visible, at)
    cutPayloads(visible, base + start)
    if (secretOutput) cutLines(visible.text, at)
  }

  const cutSpans = (
    spans: readonly SecretSpan[],
    visible: VisibleText,
    at: (offset: number) => number,
  ): void => {
    for (const span of spans)
      cut(at(span.from), at(span.to - 1) + 1, span.rule, visible.text.slice(span.from, span.to))
  }

  const cutLines = (text: string, at: (offset: number) => number): void => {
    for (const line of text.matchAll(/\S[^\n]*/g)) {
      const secret = line[0].trimEnd()
      cut(at(line.index), at(line.index + secret.length - 1) + 1, 'secret-output', secret)
    }
  }

  /** Clipboard writes (OSC 52) and inline files (OSC 1337) go always: base64 of anything. Others when they match. */
  const cutPayloads = (visible: VisibleText, offset: number): void => {
    for (const payload of visible.payloads) {
      if (!/^(?:52|1337);/.test(payload.text) && find(payload.text).length === 0) continue
      edits.push({
        from: offset + payload.from,
        to: offset + payload.to,
        rule: 'control-string',
        replacement: '',
      })
    }
  }

  const accept = (piece: string): void => {
    pending += piece
    if (cutting) cutToNewline()
    const lines = pending.lastIndexOf('\n') + 1
    if (lines > searched) {
      searchWhole(searched, lines)
      searched = lines
    }
    if (pending.length - searched > LONG_LINE) settleLongLine()
  }

  const cutToNewline = (): void => {
    const newline = pending.indexOf('\n', searched)
    const to = newline === -1 ? pending.length : newline
    if (to > searched)
      edits.push({ from: base + searched, to: base + to, rule: 'long-line', replacement: '' })
    searched = to
    cutting = newline === -1
  }

  const settleLongLine = (): void => {
    const raw = pending.slice(searched)
    const visible = visibleText(raw)
    const at = (offset: number): number => base + searched + visible.rawOffset(offset)
    const spans = find(visible.text)
    const limit = secretOutput ? 0 : safeCut(raw, visible, spans)
    if (limit <= 0) {
      if (raw.length <= HELD_LINE_MAX) return
      cut(base + searched, base + pending.length, 'long-line', visible.text)
      searched = pending.length
      cutting = true
      return
    }
    // What ends before the line's end is complete, also behind the limit: its context is about to go.
    cutSpans(
      spans.filter((span) => span.to < visible.text.length),
      visible,
      at,
    )
    cutPayloads(
      { ...visible, payloads: visible.payloads.filter((payload) => payload.to <= limit) },
      base + searched,
    )
    searched += limit
  }

  const settle = (): Settled => {
    let through = Math.min(base + searched, follower.heldFrom() ?? Infinity)
    for (const { from, to } of [...edits].sort((a, b) => b.from - a.from)) {
      if (from < through && to > through) through = from
    }
    const ready = withoutOverlap(edits.filter((edit) => edit.from < through))
    edits = edits.filter((edit) => edit.from >= through)
    const withEscapes = ready.map((edit) => ({
      ...edit,
      replacement: edit.replacement + keptEscapes(pending.slice(edit.from - base, edit.to - base)),
    }))
    for (const edit of ready) counts[edit.rule] = (counts[edit.rule] ?? 0) + 1
    pending = pending.slice(through - base)
    searched -= through - base
    base = through
    return { through, edits: withEscapes }
  }

  const push = (text: string): Settled => {
    if (text.length <= PIECE) accept(text)
    else for (let i = 0; i < text.length; i += PIECE) accept(text.slice(i, i + PIECE))
    return settle()
  }

  const end = (): Settled => {
    if (cutting) cutToNewline()
    if (pending.length > searched) searchWhole(searched, pending.length)
    searched = pending.length
    cutStructure(follower.end())
    secretOutput = false
    cutting = false
    return settle()
  }

  return {
    push,
    end,
    beginSecretOutput: () => {
      secretOutput = true
    },
    learn,
    redactText: (text) => {
      const found = findAlone(text)
      for (const edit of found) counts[edit.rule] = (counts[edit.rule] ?? 0) + 1
      return applyEdits(text, found)
    },
    findsIn: (text) => findAlone(text).length > 0,
    counts: () => ({ ...counts }),
  }
}

const followStructures = (
  follower: StructureFollower,
  text: string,
  at: (offset: number) => number,
): readonly StructureSpan[] => {
  const spans: StructureSpan[] = []
  let position = 0
  while (position < text.length) {
    if (!follower.isOpen()) {
      TELLING_LINE.lastIndex = position
      const telling = TELLING_LINE.exec(text)
      if (telling === null) break
      position = telling.index === 0 ? 0 : text.lastIndexOf('\n', telling.index - 1) + 1
    }
    const newline = text.indexOf('\n', position)
    const lineEnd = newline === -1 ? text.length : newline
    spans.push(...follower.line(placedLine(text.slice(position, lineEnd), position, at)))
    position = lineEnd + 1
  }
  return spans
}

/** `edits` in order, without overlap, in offsets of `text`. */
export const applyEdits = (text: string, edits: readonly Edit[]): string => {
  let result = ''
  let from = 0
  for (const edit of edits) {
    result += text.slice(from, edit.from) + edit.replacement
    from = edit.to
  }
  return result + text.slice(from)
}

/**
 * Where a long line may be cut: far enough from its end, in no escape, in no character pair, before whatever may still
 * go on (a match that touches the end, an open control string, an open key). Zero or less when there is no such place.
 */
const safeCut = (raw: string, visible: VisibleText, spans: readonly SecretSpan[]): number => {
  let limit = raw.length - TAIL
  for (const span of spans) {
    if (span.to >= visible.text.length) limit = Math.min(limit, visible.rawOffset(span.contextFrom))
    else if (visible.rawOffset(span.from) < limit) {
      // Never inside a match: its replacement belongs to one place.
      const to = visible.rawOffset(span.to - 1) + 1
      if (to > limit) limit = visible.rawOffset(span.from)
    }
  }
  for (const payload of visible.payloads) {
    if (payload.from < limit && payload.to > limit) limit = payload.from
  }
  const key = raw.lastIndexOf('-----BEGIN')
  if (key !== -1) limit = Math.min(limit, key)
  // oxlint-disable-next-line no-control-regex
  const openString = /\x1b[\]PX^_][^\x07\x1b]*$/.exec(raw)
  if (openString !== null) limit = Math.min(limit, openString.index)
  const escape = raw.lastIndexOf('\x1b', limit)
  if (escape !== -1 && limit - escape < 64) limit = escape
  const code = raw.charCodeAt(limit)
  return code >= 0xdc00 && code <= 0xdfff ? limit - 1 : limit
}

const placedLine = (text: string, start: number, at: (offset: number) => number): PlacedLine => {
  const line = text.endsWith('\r') ? text.slice(0, -1) : text
  return { text: line, at: (offset) => at(start + offset) }
}

/** What overlaps becomes one cut. The structure's name wins: which name, must not depend on how the stream was cut. */
const withoutOverlap = (edits: readonly Edit[]): readonly Edit[] => {
  const ordered = [...edits].sort((a, b) => a.from - b.from || b.to - a.to || rank(a) - rank(b))
  const merged: Edit[] = []
  for (const edit of ordered) {
    const last = merged.at(-1)
    if (last === undefined || edit.from >= last.to) merged.push(edit)
    else {
      const named = rank(edit) < rank(last) ? edit : last
      merged[merged.length - 1] = { ...named, from: last.from, to: Math.max(last.to, edit.to) }
    }
  }
  return merged
}

const rank = (edit: Edit): number =>
  edit.rule === 'private-key' || edit.rule === 'secret-manifest' || edit.rule === 'known-value' ? 0 : 1

/** A decoded value's lines that would be a loss to show and no loss to hide: not `true`, not `postgres`. */
const worthKnowing = (decoded: string): readonly string[] =>
  decoded
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.length >= 16 || (line.length >= 8 && !/^[a-z]+$/.test(line)))
    .slice(0, 64)
