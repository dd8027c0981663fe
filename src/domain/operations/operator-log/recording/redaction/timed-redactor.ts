/** Redacts a recording's events while it runs, keeping the moment at which each remaining character was shown. */
import type { CastEvent } from '../asciicast.ts'
import { openEditedLine } from './edited-line.ts'
import type { EditedLine } from './edited-line.ts'
import { openRedactor } from './redactor.ts'
import type { RedactorOptions, Settled } from './redactor.ts'

export type TimedRedactor = {
  /** Adds an event; its `o` text may be held back until it is certain that no secret is in it. */
  readonly add: (event: CastEvent) => void
  /** The shell is about to draw a prompt: the output before it is over. */
  readonly beginPrompt: () => void
  /** The prompt is drawn; from here the operator types, until `endInput` or the next prompt. */
  readonly beginInput: () => void
  /**
   * The line was entered or given up. `chooseCommand` gets what stood on the screen, unredacted, and says which command
   * that was: what the shell says it runs is a second witness, should the screen have been misread. Returns its choice.
   */
  readonly endInput: (atMs: number, chooseCommand?: (shown: string) => string) => string
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

type Held = { readonly event: CastEvent; readonly from: number; readonly to: number }

/** A typed line longer than this is given away in parts, each only while clean. */
const INPUT_MAX = 64 * 1024
const LINE_TAIL_MAX = 2 * 1024

export const openTimedRedactor = (options: RedactorOptions, initialCols: number): TimedRedactor => {
  const redactor = openRedactor(options)
  let held: Held[] = []
  let length = 0
  let released: CastEvent[] = []
  let cols = initialCols
  /** The last output line so far: a prompt may begin in its middle, and wrapping counts columns. */
  let lineTail = ''
  let line: EditedLine | null = null
  let typing: { events: CastEvent[]; raw: string; dirty: boolean } | null = null

  const settle = (settled: Settled): void => {
    let edit = 0
    let count = 0
    for (const entry of held) {
      if (entry.from >= settled.through && entry.to > entry.from) break
      if (entry.from > settled.through) break
      if (entry.event.code !== 'o') {
        released.push(entry.event)
        count++
        continue
      }
      const to = Math.min(entry.to, settled.through)
      let text = ''
      let from = entry.from
      while (edit < settled.edits.length && settled.edits[edit]!.from < to) {
        const current = settled.edits[edit]!
        if (current.from >= from) {
          text += entry.event.data.slice(from - entry.from, current.from - entry.from) + current.replacement
        }
        from = Math.max(from, Math.min(to, current.to))
        if (current.to > to) break
        edit++
      }
      text += entry.event.data.slice(from - entry.from, to - entry.from)
      if (text !== '') released.push({ ...entry.event, data: text })
      if (to < entry.to) {
        const rest = { ...entry.event, data: entry.event.data.slice(to - entry.from) }
        held[count] = { event: rest, from: to, to: entry.to }
        break
      }
      count++
    }
    held = count === 0 ? held : held.slice(count)
  }

  const output = (event: CastEvent): void => {
    held.push({ event, from: length, to: length + event.data.length })
    length += event.data.length
    settle(redactor.push(event.data))
    const newline = event.data.lastIndexOf('\n')
    lineTail = (newline === -1 ? lineTail + event.data : event.data.slice(newline + 1)).slice(-LINE_TAIL_MAX)
    line?.write(event.data)
  }

  const type = (event: CastEvent): void => {
    if (typing === null) return
    typing.events.push(event)
    if (event.code !== 'o') return
    typing.raw += event.data
    line?.write(event.data)
    typing.dirty ||= isDirty(line?.typed() ?? '')
    if (typing.raw.length <= INPUT_MAX) return
    // Too much to hold. Clean so far is given away; once dirty, nothing is until the line is over.
    typing.dirty ||= isDirty(typing.raw)
    released.push(...typing.events.filter((held) => held.code !== 'o' || typing?.dirty === false))
    typing.events = []
    typing.raw = ''
  }

  const isDirty = (text: string): boolean => redactor.findsIn(text)

  const endInput = (atMs: number, chooseCommand = (shown: string): string => shown): string => {
    if (typing === null) return chooseCommand('')
    const { events, raw, dirty } = typing
    const command = chooseCommand(line?.typed() ?? '')
    typing = null
    line = null
    lineTail = ''
    if (!dirty && !isDirty(raw) && !isDirty(command)) released.push(...events)
    else {
      released.push(...events.filter((event) => event.code !== 'o'))
      const newLine = raw.includes('\n') ? '\r\n' : ''
      const text = redactor.redactText(command).replaceAll('\n', '\r\n')
      released.push({ atMs, code: 'o', data: text + newLine })
    }
    return command
  }

  return {
    add: (event) => {
      if (typing !== null) type(event)
      else if (event.code === 'o') output(event)
      else if (held.length === 0) released.push(event)
      else held.push({ event, from: length, to: length })
    },
    beginPrompt: () => {
      settle(redactor.end())
      line = openEditedLine(cols)
      line.write(lineTail)
    },
    beginInput: () => {
      settle(redactor.end())
      line ??= openEditedLine(cols)
      line.markStart()
      typing ??= { events: [], raw: '', dirty: false }
    },
    endInput,
    beginSecretOutput: redactor.beginSecretOutput,
    resize: (next) => {
      cols = next
      line?.resize(next)
    },
    learn: redactor.learn,
    redactText: redactor.redactText,
    end: (atMs) => {
      endInput(atMs)
      settle(redactor.end())
    },
    take: () => {
      const taken = released
      released = []
      return taken
    },
    heldSinceMs: () => held[0]?.event.atMs ?? typing?.events[0]?.atMs ?? null,
    counts: redactor.counts,
  }
}
