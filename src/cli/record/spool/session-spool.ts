/** One session's folder in the spool, from the side of the recorder that fills it. */
import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { CastEvent } from '../../../domain/operations/operator-log/recording/asciicast.ts'
import { encodeHeader } from '../../../domain/operations/operator-log/recording/asciicast.ts'
import { cutCast, isShown } from '../../../domain/operations/operator-log/recording/cut-cast.ts'
import type { CutSpan } from '../../../domain/operations/operator-log/recording/cut-cast.ts'
import type { ClosedCommand, CloseSession, OpenedSession, OpenSession } from '../server-port.ts'
import { openChunkStore } from './chunk-store.ts'
import type { ChunkStore } from './chunk-store.ts'
import { openQueue } from './queue.ts'
import { CLOSE_FILE, COMMANDS_FILE, SESSION_FILE, STATE_FILE } from './session-record.ts'
import type { ChunkRecord, SessionRecord, SessionState } from './session-record.ts'
import { makePrivateDirectory, writeDurably, writeDurablySync, writeWhole } from './spool-files.ts'

export type SessionSpool = {
  readonly directory: string
  readonly append: (events: readonly CastEvent[]) => void
  /** Events, commands and state to the disk. Rejects when the disk refuses; nothing is lost by trying again. */
  readonly flush: (state: SessionState, nowMs: number) => Promise<void>
  readonly command: (command: ClosedCommand) => void
  /** Writes the list anew, so that what was cut is gone from the disk too. */
  readonly replaceCommands: (all: readonly ClosedCommand[]) => Promise<void>
  readonly setOpened: (opened: OpenedSession) => Promise<void>
  /** Seals the last chunk and writes the close. */
  readonly close: (
    state: SessionState,
    close: (chunks: readonly ChunkRecord[]) => CloseSession,
  ) => Promise<CloseSession>
  /**
   * Takes a span out of everything on this disk, sealed chunks from number `from` on included. Returns the time from which
   * on nothing of the recording had been sealed away from us.
   */
  readonly cut: (span: CutSpan, from: number) => Promise<number>
  readonly chunks: () => readonly ChunkRecord[]
  readonly backlogBytes: () => number
}

export type SessionSpoolOptions = {
  readonly root: string
  readonly open: OpenSession
  readonly opened: OpenedSession | null
  readonly socketPath: string
  readonly terminalType: string | undefined
  readonly title: string
  readonly onSealed: (chunk: ChunkRecord) => void
}

export const openSessionSpool = (options: SessionSpoolOptions): SessionSpool => new DiskSessionSpool(options)

class DiskSessionSpool implements SessionSpool {
  readonly directory: string
  readonly #record: SessionRecord
  readonly #store: ChunkStore
  /** A flush may still be under way when the session ends; two at once would write over each other. */
  readonly #inOrder = openQueue()
  #commands: string[] = []
  #lastState = ''

  constructor(options: SessionSpoolOptions) {
    this.directory = join(options.root, options.open.localId)
    makePrivateDirectory(this.directory)
    this.#record = { format: 1, open: options.open, opened: options.opened, socketPath: options.socketPath }
    writeDurablySync(join(this.directory, SESSION_FILE), JSON.stringify(this.#record))
    this.#store = openChunkStore({
      directory: this.directory,
      startedAt: options.open.startedAt,
      headerLine: headerLine(options),
      onSealed: options.onSealed,
    })
  }

  append(events: readonly CastEvent[]): void {
    this.#store.append(events)
  }

  flush(state: SessionState, nowMs: number): Promise<void> {
    return this.#inOrder(async () => {
      await this.#store.flush(nowMs)
      await this.#writeCommands()
      await this.#writeState(state)
    })
  }

  command(command: ClosedCommand): void {
    this.#commands.push(`${JSON.stringify(command)}\n`)
  }

  replaceCommands(all: readonly ClosedCommand[]): Promise<void> {
    return this.#inOrder(async () => {
      this.#commands = []
      await writeDurably(
        join(this.directory, COMMANDS_FILE),
        all.map((one) => `${JSON.stringify(one)}\n`).join(''),
      )
    })
  }

  setOpened(opened: OpenedSession): Promise<void> {
    return writeDurably(join(this.directory, SESSION_FILE), JSON.stringify({ ...this.#record, opened }))
  }

  close(
    state: SessionState,
    describe: (chunks: readonly ChunkRecord[]) => CloseSession,
  ): Promise<CloseSession> {
    return this.#inOrder(async () => {
      await this.#store.seal()
      await this.#writeCommands()
      await this.#writeState(state)
      const close = describe(this.#store.chunks())
      await writeDurably(join(this.directory, CLOSE_FILE), JSON.stringify(close))
      return close
    })
  }

  async cut(span: CutSpan, from: number): Promise<number> {
    const isCut = (event: CastEvent): boolean =>
      event.atMs >= span.fromMs && event.atMs <= span.toMs && isShown(event)
    await this.#store.amendOpen((event) => (isCut(event) ? null : event))
    return this.#store.amendSealed(from, (text, startMs) => {
      const { text: left, cut } = cutCast(text, startMs, [span])
      return cut > 0 ? left : text
    })
  }

  chunks(): readonly ChunkRecord[] {
    return this.#store.chunks()
  }

  backlogBytes(): number {
    return this.#store.backlogBytes()
  }

  async #writeCommands(): Promise<void> {
    const lines = this.#commands
    if (lines.length === 0) return
    await appendFile(join(this.directory, COMMANDS_FILE), lines.join(''), { mode: 0o600 })
    this.#commands = this.#commands.slice(lines.length)
  }

  /** No fsync: it must outlive a kill -9, each second; a power cut may take the last of them. */
  async #writeState(state: SessionState): Promise<void> {
    const text = JSON.stringify(state)
    if (text === this.#lastState) return
    await writeWhole(join(this.directory, STATE_FILE), text, false)
    this.#lastState = text
  }
}

const headerLine = ({ open, title, terminalType }: SessionSpoolOptions): string =>
  encodeHeader({
    cols: open.cols,
    rows: open.rows,
    startedAt: open.startedAt,
    title,
    ...(terminalType === undefined ? {} : { terminalType }),
  })
