/** The heart of the recorder: terminal bytes in, redacted events and commands out, and the terminal's own share back. */
import type { CastEvent } from '../../domain/operations/operator-log/recording/asciicast.ts'
import { NOTE } from '../../domain/operations/operator-log/recording/cut-cast.ts'
import type { RecordedCommand } from '../../domain/operations/operator-log/recording/command-list.ts'
import { printsASecret } from '../../domain/operations/operator-log/recording/redaction/secret-command.ts'
import { openTimedRedactor } from '../../domain/operations/operator-log/recording/redaction/timed-redactor.ts'
import type { TimedRedactor } from '../../domain/operations/operator-log/recording/redaction/timed-redactor.ts'
import type { RedactorOptions } from '../../domain/operations/operator-log/recording/redaction/redactor.ts'
import { openCommandTracker } from './command-tracker.ts'
import type { KubeContextReader } from './kube-context.ts'
import { openMarkParser } from './mark-parser.ts'
import type { Mark, MarkParser } from './mark-parser.ts'
import type { Pause } from './server-port.ts'

export type SessionRecorder = {
  /** Returns what the operator's terminal is to show of it. */
  readonly feed: (bytes: Buffer) => readonly Buffer[]
  /** Hands over what has been waiting to be joined with more; to be called every few milliseconds. */
  readonly settle: () => void
  readonly resize: (cols: number, rows: number) => void
  /** A note of the recorder's own in the recording, at which a player can stop. */
  readonly marker: (label: string) => void
  readonly pause: (why: string) => void
  readonly resume: () => void
  readonly isPaused: () => boolean
  /** Takes the text out of commands that began at `fromMs` or later. */
  readonly cutCommandsSince: (fromMs: number) => void
  readonly redactText: (text: string) => string
  readonly end: (exitCode: number | null) => void
  readonly facts: () => RecorderFacts
}

export type RecorderFacts = {
  readonly heldSinceMs: number | null
  readonly redactions: Readonly<Record<string, number>>
  readonly forgedMarks: number
  readonly shellMarks: boolean
  readonly pauses: readonly Pause[]
  readonly commands: readonly RecordedCommand[]
}

export type SessionRecorderOptions = {
  readonly nonce: string
  readonly cols: number
  readonly homeDirectory: string
  readonly elapsedMs: () => number
  readonly redaction: RedactorOptions
  readonly kubeContext: KubeContextReader
  readonly onEvents: (events: readonly CastEvent[]) => void
  /** Started or ended; the same number again replaces it. */
  readonly onCommand: (command: RecordedCommand) => void
  /** The shell has read its start files. */
  readonly onReady: () => void
}

/** For the operator's eyes; the recording says the same by `shellMarks`. */
const tooOld = ({ shell, version }: { shell: string; version: string }): string =>
  `\r\n  This ${shell} ${version.replaceAll(/[^\w.()-]/g, '')} is too old to tell its commands apart: bash 4.4 or later, zsh and fish do.\r\n` +
  '  What this shell shows is recorded, with its secrets cut out; its commands are not listed.\r\n\r\n'

/** Output within this time is one event: a player draws no faster, and a flood makes no millions of lines. */
const JOIN_MS = 12
const JOIN_BYTES = 64 * 1024

export const openSessionRecorder = (options: SessionRecorderOptions): SessionRecorder =>
  new StreamRecorder(options)

class StreamRecorder implements SessionRecorder {
  readonly #options: SessionRecorderOptions
  readonly #parser: MarkParser
  readonly #redactor: TimedRedactor
  readonly #tracker = openCommandTracker()
  // Invalid bytes become U+FFFD in the recording only; the terminal gets them as they came.
  readonly #decoder = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true })
  readonly #pauses: { fromMs: number; toMs: number; why: string }[] = []
  #paused = false
  #shellMarks = false
  #place: { cwd: string | null; context: string | null } = { cwd: null, context: null }
  #joined: Buffer[] = []
  #joinedBytes = 0
  #joinedAtMs = 0
  #typing = false

  constructor(options: SessionRecorderOptions) {
    this.#options = options
    this.#parser = openMarkParser(options.nonce)
    this.#redactor = openTimedRedactor(options.redaction, options.cols)
  }

  feed(bytes: Buffer): readonly Buffer[] {
    const toTerminal: Buffer[] = []
    for (const part of this.#parser.push(bytes)) {
      if ('bytes' in part) {
        this.#output(part.bytes)
        toTerminal.push(part.bytes)
      } else {
        const sequence = this.#obey(part.mark)
        if (sequence !== null) toTerminal.push(Buffer.from(sequence))
      }
    }
    return toTerminal
  }

  settle(): void {
    if (this.#joinedBytes > 0 && this.#options.elapsedMs() - this.#joinedAtMs >= JOIN_MS) this.#flushJoined()
    this.#handOver()
  }

  resize(cols: number, rows: number): void {
    this.#flushJoined()
    this.#redactor.resize(cols)
    this.#redactor.add({ atMs: this.#options.elapsedMs(), code: 'r', data: `${cols}x${rows}` })
  }

  marker(label: string): void {
    this.#flushJoined()
    const data = NOTE + this.#redactor.redactText(label)
    this.#redactor.add({ atMs: this.#options.elapsedMs(), code: 'm', data })
  }

  pause(why: string): void {
    if (this.#paused) return
    this.marker(`recording paused: ${why}`)
    this.#paused = true
    const fromMs = this.#options.elapsedMs()
    this.#pauses.push({ fromMs, toMs: Number.POSITIVE_INFINITY, why: this.#redactor.redactText(why) })
  }

  resume(): void {
    const pause = this.#pauses.at(-1)
    if (!this.#paused || pause === undefined) return
    this.#flushJoined()
    this.#paused = false
    pause.toMs = this.#options.elapsedMs()
    this.marker('recording again')
  }

  isPaused(): boolean {
    return this.#paused
  }

  cutCommandsSince(fromMs: number): void {
    this.#tracker.cutSince(fromMs)
  }

  redactText(text: string): string {
    return this.#redactor.redactText(text)
  }

  end(exitCode: number | null): void {
    const rest = this.#parser.end()
    if (rest.length > 0) this.#output(rest)
    this.#flushJoined()
    const tail = this.#decoder.decode()
    const atMs = this.#options.elapsedMs()
    if (tail !== '' && !this.#paused) this.#redactor.add({ atMs, code: 'o', data: tail })
    this.#redactor.end(atMs)
    this.#tell(this.#tracker.ended(atMs, exitCode))
    if (exitCode !== null) this.#redactor.add({ atMs, code: 'x', data: String(exitCode) })
    this.#handOver()
  }

  facts(): RecorderFacts {
    const nowMs = this.#options.elapsedMs()
    return {
      heldSinceMs: this.#joinedBytes > 0 ? this.#joinedAtMs : this.#redactor.heldSinceMs(),
      redactions: this.#redactor.counts(),
      forgedMarks: this.#parser.forgedMarks(),
      shellMarks: this.#shellMarks,
      pauses: this.#pauses.map((pause) => ({ ...pause, toMs: Math.min(pause.toMs, nowMs) })),
      commands: this.#tracker.commands(),
    }
  }

  #output(bytes: Buffer): void {
    const nowMs = this.#options.elapsedMs()
    const full = this.#joinedBytes + bytes.length > JOIN_BYTES
    if (this.#joinedBytes > 0 && (this.#typing || full || nowMs - this.#joinedAtMs >= JOIN_MS))
      this.#flushJoined()
    if (this.#joinedBytes === 0) this.#joinedAtMs = nowMs
    this.#joined.push(bytes)
    this.#joinedBytes += bytes.length
  }

  #flushJoined(): void {
    if (this.#joinedBytes === 0) return
    const bytes =
      this.#joined.length === 1 ? this.#joined[0]! : Buffer.concat(this.#joined, this.#joinedBytes)
    this.#joined = []
    this.#joinedBytes = 0
    const data = this.#decoder.decode(bytes, { stream: true })
    if (data !== '' && !this.#paused) this.#redactor.add({ atMs: this.#joinedAtMs, code: 'o', data })
  }

  #handOver(): void {
    const events = this.#redactor.take()
    if (events.length > 0) this.#options.onEvents(events)
  }

  /** Returns the standard mark (OSC 133) that stands in for ours: terminals jump from prompt to prompt by it. */
  #obey(mark: Mark): string | null {
    this.#flushJoined()
    const atMs = this.#options.elapsedMs()
    switch (mark.kind) {
      case 'ready':
        this.#shellMarks = mark.tellsCommands
        this.#options.onReady()
        return mark.tellsCommands ? null : tooOld(mark)
      case 'prompt':
        this.#endTyping(atMs)
        this.#redactor.beginPrompt()
        this.#place = {
          cwd: mark.cwd,
          context: this.#options.kubeContext(mark.kubeconfig, this.#options.homeDirectory),
        }
        this.#tracker.startHistory(mark.historyNumber)
        this.#tell(this.#tracker.prompt(atMs, mark.exitCode))
        return `\x1b]133;D;${mark.exitCode ?? 0}\x07\x1b]133;A\x07`
      case 'input':
        this.#redactor.beginInput()
        this.#typing = true
        return '\x1b]133;B\x07'
      case 'run':
        this.#run(atMs, mark)
        return '\x1b]133;C\x07'
    }
  }

  #run(atMs: number, mark: Extract<Mark, { kind: 'run' }>): void {
    this.#typing = false
    const typed = this.#redactor.endInput(atMs, (shown) => ({
      command: this.#tracker.choose(mark, shown),
      witnesses: [mark.command, shown],
    }))
    if (this.#paused) return
    const command = this.#tracker.run(atMs, typed.redacted, this.#place)
    this.#redactor.add({ atMs, code: 'm', data: command.command.split('\n')[0] ?? '' })
    if (printsASecret(typed.command)) this.#redactor.beginSecretOutput()
    this.#options.onCommand(command)
  }

  #endTyping(atMs: number): void {
    this.#typing = false
    this.#redactor.endInput(atMs)
  }

  #tell(command: RecordedCommand | null): void {
    if (command !== null) this.#options.onCommand(command)
  }
}
