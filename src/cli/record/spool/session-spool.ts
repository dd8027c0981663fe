/** One session's folder in the spool, from the side of the recorder that fills it. */
import { appendFile, writeFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { CastEvent } from '../../../domain/operations/operator-log/recording/asciicast.ts'
import { encodeHeader } from '../../../domain/operations/operator-log/recording/asciicast.ts'
import type { ClosedCommand, CloseSession, OpenedSession, OpenSession } from '../server-port.ts'
import { openChunkStore } from './chunk-store.ts'
import type { ChunkStore } from './chunk-store.ts'
import { CLOSE_FILE, COMMANDS_FILE, SESSION_FILE, STATE_FILE } from './session-record.ts'
import type { ChunkRecord, SessionRecord, SessionState } from './session-record.ts'
import { makePrivateDirectory, writeDurably, writeDurablySync } from './spool-files.ts'

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
  readonly amendOpen: ChunkStore['amendOpen']
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

export const openSessionSpool = (options: SessionSpoolOptions): SessionSpool => {
  const directory = join(options.root, options.open.localId)
  makePrivateDirectory(directory)
  const record: SessionRecord = {
    format: 1,
    open: options.open,
    opened: options.opened,
    socketPath: options.socketPath,
  }
  writeDurablySync(join(directory, SESSION_FILE), JSON.stringify(record))
  const { cols, rows, startedAt } = options.open
  const store = openChunkStore({
    directory,
    startedAt,
    headerLine: encodeHeader({
      cols,
      rows,
      startedAt,
      title: options.title,
      ...(options.terminalType === undefined ? {} : { terminalType: options.terminalType }),
    }),
    onSealed: options.onSealed,
  })
  let commands: string[] = []
  let lastState = ''

  const writeCommands = async (): Promise<void> => {
    const lines = commands
    if (lines.length === 0) return
    await appendFile(join(directory, COMMANDS_FILE), lines.join(''), { mode: 0o600 })
    commands = commands.slice(lines.length)
  }

  const writeState = async (state: SessionState): Promise<void> => {
    const text = JSON.stringify(state)
    if (text === lastState) return
    const path = join(directory, STATE_FILE)
    await writeFile(`${path}.tmp`, text, { mode: 0o600 })
    await rename(`${path}.tmp`, path)
    lastState = text
  }

  /** A flush may still be under way when the session ends; two at once would write over each other. */
  let last: Promise<unknown> = Promise.resolve()
  const inOrder = <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work)
    last = next.catch(() => undefined)
    return next
  }

  return {
    directory,
    append: store.append,
    flush: (state, nowMs) =>
      inOrder(async () => {
        await store.flush(nowMs)
        await writeCommands()
        await writeState(state)
      }),
    command: (command) => {
      commands.push(`${JSON.stringify(command)}\n`)
    },
    replaceCommands: (all) =>
      inOrder(async () => {
        commands = []
        await writeDurably(
          join(directory, COMMANDS_FILE),
          all.map((one) => `${JSON.stringify(one)}\n`).join(''),
        )
      }),
    setOpened: (opened) => writeDurably(join(directory, SESSION_FILE), JSON.stringify({ ...record, opened })),
    close: (state, describe) =>
      inOrder(async () => {
        await store.seal()
        await writeCommands()
        await writeState(state)
        const close = describe(store.chunks())
        await writeDurably(join(directory, CLOSE_FILE), JSON.stringify(close))
        return close
      }),
    amendOpen: store.amendOpen,
    chunks: store.chunks,
    backlogBytes: store.backlogBytes,
  }
}
