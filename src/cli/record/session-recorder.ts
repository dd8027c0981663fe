/** The heart of the recorder: terminal bytes in, redacted events and commands out, and the terminal's own share back. */
import type { CastEvent } from '../../domain/operations/operator-log/recording/asciicast.ts'
import type { RecordedCommand } from '../../domain/operations/operator-log/recording/command-list.ts'
import { printsASecret } from '../../domain/operations/operator-log/recording/redaction/secret-command.ts'
import { openTimedRedactor } from '../../domain/operations/operator-log/recording/redaction/timed-redactor.ts'
import type { RedactorOptions } from '../../domain/operations/operator-log/recording/redaction/redactor.ts'
import { openCommandTracker } from './command-tracker.ts'
import type { KubeContextReader } from './kube-context.ts'
import { openMarkParser } from './mark-parser.ts'
import type { Mark } from './mark-parser.ts'
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
  readonly onReady: (shell: string, tellsCommands: boolean) => void
}

/** Output within this time is one event: a player draws no faster, and a flood makes no millions of lines. */
const JOIN_MS = 12
const JOIN_BYTES = 64 * 1024

/** Begins the recorder's own markers; all others are command lines. */
export const NOTE = '● '

export const openSessionRecorder = (options: SessionRecorderOptions): SessionRecorder => {
  const parser = openMarkParser(options.nonce)
  const redactor = openTimedRedactor(options.redaction, options.cols)
  const tracker = openCommandTracker(redactor.redactText)
  // Invalid bytes become U+FFFD in the recording only; the terminal gets them as they came.
  const decoder = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true })
  const pauses: { fromMs: number; toMs: number; why: string }[] = []
  let paused = false
  let shellMarks = false
  let place: { cwd: string | null; context: string | null } = { cwd: null, context: null }
  let joined: Buffer[] = []
  let joinedBytes = 0
  let joinedAtMs = 0
  let typing = false

  const handOver = (): void => {
    const events = redactor.take()
    if (events.length > 0) options.onEvents(events)
  }

  const flushJoined = (): void => {
    if (joinedBytes === 0) return
    const bytes = joined.length === 1 ? joined[0]! : Buffer.concat(joined, joinedBytes)
    joined = []
    joinedBytes = 0
    const data = decoder.decode(bytes, { stream: true })
    if (data !== '' && !paused) redactor.add({ atMs: joinedAtMs, code: 'o', data })
  }

  const output = (bytes: Buffer): void => {
    const nowMs = options.elapsedMs()
    if (
      joinedBytes > 0 &&
      (typing || nowMs - joinedAtMs >= JOIN_MS || joinedBytes + bytes.length > JOIN_BYTES)
    ) {
      flushJoined()
    }
    if (joinedBytes === 0) joinedAtMs = nowMs
    joined.push(bytes)
    joinedBytes += bytes.length
  }

  const obey = (mark: Mark): Buffer | null => {
    flushJoined()
    const atMs = options.elapsedMs()
    switch (mark.kind) {
      case 'ready':
        shellMarks = mark.tellsCommands
        options.onReady(mark.shell, mark.tellsCommands)
        return null
      case 'prompt': {
        endTyping(atMs)
        redactor.beginPrompt()
        place = { cwd: mark.cwd, context: options.kubeContext(mark.kubeconfig, options.homeDirectory) }
        const ended = tracker.prompt(atMs, mark.exitCode)
        if (ended !== null) options.onCommand(ended)
        return Buffer.from(`\x1b]133;D;${mark.exitCode ?? 0}\x07\x1b]133;A\x07`)
      }
      case 'input':
        redactor.beginInput()
        typing = true
        return Buffer.from('\x1b]133;B\x07')
      case 'run':
        run(atMs, mark)
        return Buffer.from('\x1b]133;C\x07')
    }
  }

  const run = (atMs: number, mark: Extract<Mark, { kind: 'run' }>): void => {
    typing = false
    const typed = redactor.endInput(atMs, (shown) => tracker.choose(mark, shown))
    if (paused) return
    const command = tracker.run(atMs, typed, place)
    redactor.add({ atMs, code: 'm', data: command.command.split('\n')[0] ?? '' })
    if (printsASecret(typed)) redactor.beginSecretOutput()
    options.onCommand(command)
  }

  const endTyping = (atMs: number): void => {
    typing = false
    redactor.endInput(atMs)
  }

  const marker = (label: string): void => {
    flushJoined()
    redactor.add({ atMs: options.elapsedMs(), code: 'm', data: NOTE + redactor.redactText(label) })
  }

  const resume = (): void => {
    const pause = pauses.at(-1)
    if (!paused || pause === undefined) return
    flushJoined()
    paused = false
    pause.toMs = options.elapsedMs()
    marker('recording again')
  }

  return {
    feed: (bytes) => {
      const toTerminal: Buffer[] = []
      for (const part of parser.push(bytes)) {
        if ('bytes' in part) {
          output(part.bytes)
          toTerminal.push(part.bytes)
        } else {
          const sequence = obey(part.mark)
          if (sequence !== null) toTerminal.push(sequence)
        }
      }
      return toTerminal
    },
    settle: () => {
      if (joinedBytes > 0 && options.elapsedMs() - joinedAtMs >= JOIN_MS) flushJoined()
      handOver()
    },
    resize: (cols, rows) => {
      flushJoined()
      redactor.resize(cols)
      redactor.add({ atMs: options.elapsedMs(), code: 'r', data: `${cols}x${rows}` })
    },
    marker,
    pause: (why) => {
      if (paused) return
      marker(`recording paused: ${why}`)
      paused = true
      pauses.push({
        fromMs: options.elapsedMs(),
        toMs: Number.POSITIVE_INFINITY,
        why: redactor.redactText(why),
      })
    },
    resume,
    isPaused: () => paused,
    cutCommandsSince: tracker.cutSince,
    end: (exitCode) => {
      const rest = parser.end()
      if (rest.length > 0) output(rest)
      flushJoined()
      const tail = decoder.decode()
      const atMs = options.elapsedMs()
      if (tail !== '' && !paused) redactor.add({ atMs, code: 'o', data: tail })
      endTyping(atMs)
      redactor.end(atMs)
      const ended = tracker.ended(atMs, exitCode)
      if (ended !== null) options.onCommand(ended)
      if (exitCode !== null) redactor.add({ atMs, code: 'x', data: String(exitCode) })
      handOver()
    },
    facts: () => ({
      heldSinceMs: joinedBytes > 0 ? joinedAtMs : redactor.heldSinceMs(),
      redactions: redactor.counts(),
      forgedMarks: parser.forgedMarks(),
      shellMarks,
      pauses: pauses.map((pause) => ({ ...pause, toMs: Math.min(pause.toMs, options.elapsedMs()) })),
      commands: tracker.commands(),
    }),
  }
}
