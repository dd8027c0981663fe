/** Finds secrets in a stream of terminal output, however it is cut into pieces, and gives nothing away too early. */
import { openSecretSearch } from './secret-rule.ts'
import type { SecretRule, SecretSearch, SecretSpan } from './secret-rule.ts'
import { openStructureFollower, TELLING_LINE } from './structure-follower.ts'
import type { PlacedLine, StructureFollower, StructureSpan } from './structure-follower.ts'
import { keptEscapes, visibleText } from './visible-text.ts'
import type { Payload, VisibleText } from './visible-text.ts'

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
  /** The parts of a text that `redactText` would cut: for comparing only. */
  readonly secretsIn: (text: string) => readonly string[]
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

export const openRedactor = (options: RedactorOptions): Redactor => new StreamRedactor(options)

class StreamRedactor implements Redactor {
  readonly #options: RedactorOptions
  readonly #follower = openStructureFollower()
  readonly #known: Set<string>
  readonly #counts: Record<string, number> = {}
  #search: SecretSearch | null = null
  #searchAlone: SecretSearch | null = null
  #pending = ''
  /** Offset in the stream of the first pending character. */
  #base = 0
  /** How much of what is pending has been searched; more than zero only while a structure holds it back. */
  #searched = 0
  #edits: Edit[] = []
  #secretOutput = false
  /** Inside a line that was too long to hold and is cut to its end. */
  #cutting = false

  constructor(options: RedactorOptions) {
    this.#options = options
    this.#known = new Set(options.known.filter((value) => value.length >= 4 && !value.includes('\n')))
  }

  push(text: string): Settled {
    if (text.length <= PIECE) this.#accept(text)
    else for (let i = 0; i < text.length; i += PIECE) this.#accept(text.slice(i, i + PIECE))
    return this.#settle()
  }

  end(): Settled {
    if (this.#cutting) this.#cutToNewline()
    if (this.#pending.length > this.#searched) this.#searchWhole(this.#searched, this.#pending.length)
    this.#searched = this.#pending.length
    this.#cutStructure(this.#follower.end())
    this.#secretOutput = false
    this.#cutting = false
    return this.#settle()
  }

  beginSecretOutput(): void {
    this.#secretOutput = true
  }

  learn(values: readonly string[]): void {
    for (const value of values) {
      if (this.#known.has(value) || value.includes('\n')) continue
      this.#known.add(value)
      this.#search = null
      this.#searchAlone = null
    }
    // The caller's own values come first and are never dropped for learned ones.
    for (const value of this.#known) {
      if (this.#known.size <= this.#options.known.length + LEARNED_MAX) break
      if (!this.#options.known.includes(value)) this.#known.delete(value)
    }
  }

  redactText(text: string): string {
    const found = this.#findAlone(text)
    for (const edit of found) this.#count(edit)
    return applyEdits(text, found)
  }

  secretsIn(text: string): readonly string[] {
    return this.#findAlone(text).map((edit) => text.slice(edit.from, edit.to))
  }

  counts(): Readonly<Record<string, number>> {
    return { ...this.#counts }
  }

  #count(edit: Edit): void {
    this.#counts[edit.rule] = (this.#counts[edit.rule] ?? 0) + 1
  }

  #find(text: string): readonly SecretSpan[] {
    this.#search ??= openSecretSearch(this.#options.rules, [...this.#known])
    return this.#search.find(text)
  }

  /** In a text that stands alone. */
  #findIn(text: string): readonly SecretSpan[] {
    this.#searchAlone ??= openSecretSearch(
      this.#options.rules.filter(({ inOutputOnly }) => inOutputOnly !== true),
      [...this.#known],
    )
    return this.#searchAlone.find(text)
  }

  #edit(from: number, to: number, rule: string, secret: string): Edit {
    return { from, to, rule, replacement: `‹redacted:${rule}#${this.#options.tag(secret)}›` }
  }

  #cut(from: number, to: number, rule: string, secret: string): void {
    this.#edits.push(this.#edit(from, to, rule, secret))
  }

  #findAlone(text: string): readonly Edit[] {
    const visible = visibleText(text)
    const alone = openStructureFollower()
    const structures = [...followStructures(alone, visible.text, visible.rawOffset), ...alone.end()]
    return withoutOverlap([
      ...structures.map((span) => this.#edit(span.from, span.to, span.rule, span.secret)),
      ...this.#findIn(visible.text).map((span) => {
        const to = visible.rawOffset(span.to - 1) + 1
        return this.#edit(visible.rawOffset(span.from), to, span.rule, visible.text.slice(span.from, span.to))
      }),
    ])
  }

  #cutStructure(spans: readonly StructureSpan[]): void {
    for (const span of spans) {
      this.#cut(span.from, span.to, span.rule, span.secret)
      const decoded = span.rule === 'secret-manifest' ? this.#options.decodeBase64?.(span.secret) : null
      if (decoded !== null && decoded !== undefined) this.learn(worthKnowing(decoded))
    }
  }

  #searchWhole(start: number, end: number): void {
    const visible = visibleText(this.#pending.slice(start, end))
    const at = (offset: number): number => this.#base + start + visible.rawOffset(offset)
    this.#cutStructure(followStructures(this.#follower, visible.text, at))
    this.#cutSpans(this.#find(visible.text), visible, at)
    this.#cutPayloads(visible.payloads, this.#base + start)
    if (this.#secretOutput) this.#cutLines(visible.text, at)
  }

  #cutSpans(spans: readonly SecretSpan[], visible: VisibleText, at: (offset: number) => number): void {
    for (const span of spans) {
      this.#cut(at(span.from), at(span.to - 1) + 1, span.rule, visible.text.slice(span.from, span.to))
    }
  }

  #cutLines(text: string, at: (offset: number) => number): void {
    for (const line of text.matchAll(/\S[^\n]*/g)) {
      const secret = line[0].trimEnd()
      this.#cut(at(line.index), at(line.index + secret.length - 1) + 1, 'secret-output', secret)
    }
  }

  /** Clipboard writes (OSC 52) and inline files (OSC 1337) go always: base64 of anything. Others when they match. */
  #cutPayloads(payloads: readonly Payload[], offset: number): void {
    for (const payload of payloads) {
      if (!/^(?:52|1337);/.test(payload.text) && this.#find(payload.text).length === 0) continue
      this.#edits.push({
        from: offset + payload.from,
        to: offset + payload.to,
        rule: 'control-string',
        replacement: '',
      })
    }
  }

  #accept(piece: string): void {
    this.#pending += piece
    if (this.#cutting) this.#cutToNewline()
    const lines = this.#pending.lastIndexOf('\n') + 1
    if (lines > this.#searched) {
      this.#searchWhole(this.#searched, lines)
      this.#searched = lines
    }
    if (this.#pending.length - this.#searched > LONG_LINE) this.#settleLongLine()
  }

  #cutToNewline(): void {
    const newline = this.#pending.indexOf('\n', this.#searched)
    const to = newline === -1 ? this.#pending.length : newline
    if (to > this.#searched) {
      this.#edits.push({
        from: this.#base + this.#searched,
        to: this.#base + to,
        rule: 'long-line',
        replacement: '',
      })
    }
    this.#searched = to
    this.#cutting = newline === -1
  }

  #settleLongLine(): void {
    const raw = this.#pending.slice(this.#searched)
    const start = this.#base + this.#searched
    const visible = visibleText(raw)
    const spans = this.#find(visible.text)
    const limit = this.#secretOutput ? 0 : safeCut(raw, visible, spans)
    if (limit <= 0) {
      if (raw.length <= HELD_LINE_MAX) return
      this.#cut(start, this.#base + this.#pending.length, 'long-line', visible.text)
      this.#searched = this.#pending.length
      this.#cutting = true
      return
    }
    // What ends before the line's end is complete, also behind the limit: its context is about to go.
    const complete = spans.filter((span) => span.to < visible.text.length)
    this.#cutSpans(complete, visible, (offset) => start + visible.rawOffset(offset))
    this.#cutPayloads(
      visible.payloads.filter((payload) => payload.to <= limit),
      start,
    )
    this.#searched += limit
  }

  #settle(): Settled {
    let through = Math.min(this.#base + this.#searched, this.#follower.heldFrom() ?? Infinity)
    for (const { from, to } of [...this.#edits].sort((a, b) => b.from - a.from)) {
      if (from < through && to > through) through = from
    }
    const ready = withoutOverlap(this.#edits.filter((edit) => edit.from < through))
    this.#edits = this.#edits.filter((edit) => edit.from >= through)
    for (const edit of ready) this.#count(edit)
    const edits = ready.map((edit) => ({
      ...edit,
      replacement:
        edit.replacement + keptEscapes(this.#pending.slice(edit.from - this.#base, edit.to - this.#base)),
    }))
    this.#pending = this.#pending.slice(through - this.#base)
    this.#searched -= through - this.#base
    this.#base = through
    return { through, edits }
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
