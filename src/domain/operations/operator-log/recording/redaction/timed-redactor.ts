/** Redacts a recording's events while it runs, keeping the moment at which each remaining character was shown. */
import type { CastEvent } from '../asciicast.ts'
import { openEditedLine } from './edited-line.ts'
import { openRedactor } from './redactor.ts'
import type { Redactor, RedactorOptions, Settled } from './redactor.ts'
import { sharesPiece, TypedInput } from './typed-input.ts'

export type TimedRedactor = {
  /** Adds an event; its `o` text may be held back until it is certain that no secret is in it. */
  readonly add: (event: CastEvent) => void
  /** The shell is about to draw a prompt: the output before it is over. */
  readonly beginPrompt: () => void
  /** The prompt is drawn; from here the operator types, until `endInput` or the next prompt. */
  readonly beginInput: () => void
  /**
   * The line was entered or given up. `chooseCommand` gets what stood on the screen, unredacted, and says which command
   * that was, and what else was told of it: should the screen have been misread, the shell's own word is a second witness.
   */
  readonly endInput: (atMs: number, chooseCommand?: (shown: string) => ChosenCommand) => EndedInput
  /** The command that now runs prints nothing but a secret. */
  readonly beginSecretOutput: () => void
  readonly resize: (cols: number) => void
  readonly learn: (values: readonly string[]) => void
  readonly redactText: (text: string) => string
  /** Settles everything: the recording ends. */
  readonly end: (atMs: number) => void
  /** The settled events since the last call, in order. */
  readonly take: () => readonly CastEvent[]
  /** When the oldest event was shown that is still held back; null when nothing is. */
  readonly heldSinceMs: () => number | null
  readonly counts: () => Readonly<Record<string, number>>
}

export type ChosenCommand = { readonly command: string; readonly witnesses: readonly string[] }

export type EndedInput = {
  /** As chosen, unredacted: for judging only. */
  readonly command: string
  /** As it may be shown and kept. */
  readonly redacted: string
}

export const openTimedRedactor = (options: RedactorOptions, cols: number): TimedRedactor =>
  new EventRedactor(options, cols)

type Held = { readonly event: CastEvent; readonly from: number; readonly to: number }

const ECHOED_KEY = /\^\[(?:\[[\d;]{0,8}[A-Za-z~]|O[A-Z])|\^[@-_?]/g

const LINE_TAIL_MAX = 2 * 1024

class EventRedactor implements TimedRedactor {
  readonly #redactor: Redactor
  #held: Held[] = []
  #length = 0
  #released: CastEvent[] = []
  #cols: number
  /** The last output line so far: a prompt may begin in its middle, and wrapping counts columns. */
  #lineTail = ''
  #typing: TypedInput | null = null
  /**
   * What stood on the prompt's line before the prompt, and where it belongs among the released. It may be typed ahead,
   * echoed by the kernel while the last command ran, and then holds pieces of what is typed next: it waits for that.
   */
  #ahead: { readonly events: readonly CastEvent[]; readonly index: number } | null = null

  constructor(options: RedactorOptions, cols: number) {
    this.#redactor = openRedactor(options)
    this.#cols = cols
  }

  add(event: CastEvent): void {
    if (this.#typing !== null) this.#released.push(...this.#typing.add(event))
    else if (event.code === 'o') this.#output(event)
    else if (this.#held.length === 0) this.#released.push(event)
    else this.#held.push({ event, from: this.#length, to: this.#length })
  }

  beginPrompt(): void {
    this.#settleAhead([])
    const before = this.#released.length
    this.#settle(this.#redactor.end())
    if (showsSomething(this.#lineTail, this.#cols)) this.#holdLastLine(before)
  }

  beginInput(): void {
    this.#settle(this.#redactor.end())
    if (this.#typing === null) this.#typing = new TypedInput(this.#redactor, this.#cols, this.#lineTail)
    else this.#typing.markStart()
  }

  endInput(atMs: number, chooseCommand = asShown): EndedInput {
    const typing = this.#typing
    const { command, witnesses } = chooseCommand(typing?.shown() ?? '')
    this.#typing = null
    this.#lineTail = ''
    const ended = typing?.end(atMs, command, witnesses)
    this.#settleAhead(ended?.secrets ?? [])
    this.#released.push(...(ended?.events ?? []))
    return { command, redacted: this.#redactor.redactText(ended?.command ?? command) }
  }

  beginSecretOutput(): void {
    this.#redactor.beginSecretOutput()
  }

  resize(cols: number): void {
    this.#cols = cols
    this.#typing?.resize(cols)
  }

  learn(values: readonly string[]): void {
    this.#redactor.learn(values)
  }

  redactText(text: string): string {
    return this.#redactor.redactText(text)
  }

  end(atMs: number): void {
    this.endInput(atMs)
    this.#settle(this.#redactor.end())
  }

  take(): readonly CastEvent[] {
    const end = this.#ahead?.index ?? this.#released.length
    const taken = this.#released.slice(0, end)
    this.#released = this.#released.slice(end)
    if (this.#ahead !== null) this.#ahead = { ...this.#ahead, index: 0 }
    return taken
  }

  heldSinceMs(): number | null {
    const oldest = this.#ahead?.events[0] ?? this.#held[0]?.event
    return oldest?.atMs ?? this.#typing?.heldSinceMs() ?? null
  }

  counts(): Readonly<Record<string, number>> {
    return this.#redactor.counts()
  }

  #output(event: CastEvent): void {
    this.#held.push({ event, from: this.#length, to: this.#length + event.data.length })
    this.#length += event.data.length
    this.#settle(this.#redactor.push(event.data))
    const newline = event.data.lastIndexOf('\n')
    const tail = newline === -1 ? this.#lineTail + event.data : event.data.slice(newline + 1)
    this.#lineTail = tail.slice(-LINE_TAIL_MAX)
  }

  #settle(settled: Settled): void {
    const { events, rest } = applySettled(this.#held, settled)
    this.#released.push(...events)
    this.#held = rest
  }

  /** Takes back what was released since `before` and stands behind the last newline. */
  #holdLastLine(before: number): void {
    const events: CastEvent[] = []
    while (this.#released.length > before) {
      const last = this.#released.pop()!
      const newline = last.code === 'o' ? last.data.lastIndexOf('\n') : -1
      if (newline !== -1) {
        this.#released.push({ ...last, data: last.data.slice(0, newline + 1) })
        if (newline + 1 < last.data.length) events.unshift({ ...last, data: last.data.slice(newline + 1) })
        break
      }
      events.unshift(last)
    }
    this.#ahead = { events, index: this.#released.length }
  }

  #settleAhead(secrets: readonly string[]): void {
    const ahead = this.#ahead
    if (ahead === null) return
    this.#ahead = null
    const text = ahead.events.map((event) => (event.code === 'o' ? event.data : '')).join('')
    // Keys that the kernel echoed (`^A`, `^[[D`) say that the line was edited: its pieces may be of any length.
    const bare = text.replaceAll(ECHOED_KEY, '')
    const edited = bare !== text && secrets.length > 0
    const events =
      edited || secrets.some((secret) => sharesPiece(bare, secret))
        ? ahead.events.filter((event) => event.code !== 'o')
        : ahead.events
    this.#released.splice(ahead.index, 0, ...events)
  }
}

/** Gives the events that lie before `through`, edited; an event across it is cut in two. */
const applySettled = (
  held: readonly Held[],
  settled: Settled,
): { readonly events: readonly CastEvent[]; readonly rest: Held[] } => {
  const events: CastEvent[] = []
  let edit = 0
  for (const [index, entry] of held.entries()) {
    const isText = entry.event.code === 'o'
    if (entry.from > settled.through || (isText && entry.from >= settled.through))
      return { events, rest: held.slice(index) }
    if (!isText) {
      events.push(entry.event)
      continue
    }
    const to = Math.min(entry.to, settled.through)
    const part = (from: number, end: number): string =>
      entry.event.data.slice(from - entry.from, end - entry.from)
    let text = ''
    let from = entry.from
    for (; edit < settled.edits.length && settled.edits[edit]!.from < to; edit++) {
      const current = settled.edits[edit]!
      // An edit that began in an event before this one has left its replacement there.
      if (current.from >= entry.from) text += part(from, current.from) + current.replacement
      from = Math.max(from, Math.min(to, current.to))
      if (current.to > to) break
    }
    text += part(from, to)
    if (text !== '') events.push({ ...entry.event, data: text })
    if (to === entry.to) continue
    const remaining = { event: { ...entry.event, data: part(to, entry.to) }, from: to, to: entry.to }
    return { events, rest: [remaining, ...held.slice(index + 1)] }
  }
  return { events, rest: [] }
}

const asShown = (shown: string): ChosenCommand => ({ command: shown, witnesses: [] })

/** Shells draw a sign for a missing newline and wipe it again: that is nothing to wait for. */
const showsSomething = (lineTail: string, cols: number): boolean => {
  const screen = openEditedLine(cols)
  screen.write(lineTail)
  return screen.typed() !== ''
}
