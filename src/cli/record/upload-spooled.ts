/** Uploads what earlier sessions left in the spool: after a lost connection, a closed laptop, a killed recorder. */
import { readdirSync, rmSync, statSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { ClosedSession, RecorderServer } from './server-port.ts'
import { recoverSession } from './spool/recover-session.ts'
import type { SpooledSession } from './spool/recover-session.ts'
import { SESSION_FILE, STATE_FILE } from './spool/session-record.ts'
import type { SessionRecord, SessionState } from './spool/session-record.ts'
import { readJson, writeDurably } from './spool/spool-files.ts'
import { openUpload, UPLOAD_TIMING } from './upload-session.ts'
import type { Upload, UploadSource, UploadTiming } from './upload-session.ts'

export type SpoolEntry = {
  readonly directory: string
  readonly record: SessionRecord
  readonly alive: boolean
  readonly bytes: number
  readonly lastWrittenAt: number
}

/** Oldest first. */
export const listSpool = async (root: string): Promise<readonly SpoolEntry[]> => {
  const entries: SpoolEntry[] = []
  for (const name of namesIn(root)) {
    const directory = join(root, name)
    const record = readJson<SessionRecord>(join(directory, SESSION_FILE))
    if (record === null || record.format !== 1) continue
    const stats = namesIn(directory).flatMap((file) => statOrNone(join(directory, file)))
    entries.push({
      directory,
      record,
      alive: await answers(record.socketPath),
      bytes: stats.reduce((sum, { size }) => sum + size, 0),
      lastWrittenAt: Math.max(...stats.map(({ mtimeMs }) => mtimeMs)),
    })
  }
  return entries.sort((a, b) => a.record.open.startedAt - b.record.open.startedAt)
}

export type SpooledResult =
  | {
      readonly kind: 'uploaded'
      readonly session: SpooledSession
      readonly closed: ClosedSession
      readonly remarks: readonly string[]
    }
  | { readonly kind: 'kept'; readonly session: SpooledSession; readonly detail: string }

/** One after the other; a session that cannot be uploaded stays where it is, whatever the reason. */
export async function* uploadSpooled(
  root: string,
  server: RecorderServer,
  timeoutMs: number,
  timing: UploadTiming = UPLOAD_TIMING,
): AsyncGenerator<SpooledResult> {
  for (const entry of await listSpool(root)) {
    if (entry.alive) continue
    const session = await recoverSession(entry.directory)
    if (session === null) continue
    const remarks: string[] = []
    const upload = uploadOf(session, server, timing, ({ decision }, fault) => {
      remarks.push(`${decision} was not attached: ${fault.detail}`)
    })
    const state = await upload.finish(timeoutMs)
    upload.stop()
    if (state.kind === 'closed') {
      rmSync(session.directory, { recursive: true, force: true })
      yield { kind: 'uploaded', session, closed: state.closed, remarks }
      continue
    }
    const detail = state.kind === 'working' ? 'the upload takes longer than we waited' : state.fault.detail
    yield { kind: 'kept', session, detail }
    // The next one would wait for the same server.
    if (state.kind === 'unreachable') return
  }
}

const uploadOf = (
  session: SpooledSession,
  server: RecorderServer,
  timing: UploadTiming,
  refusedDecision: UploadSource['refusedDecision'],
): Upload => {
  let opened = session.record.opened
  let decisions = session.state.decisions
  const save = (file: string, content: unknown): Promise<void> =>
    writeDurably(join(session.directory, file), JSON.stringify(content))
  return openUpload(
    server,
    {
      directory: session.directory,
      open: session.record.open,
      opened: () => opened,
      setOpened: async (answer) => {
        opened = answer
        await save(SESSION_FILE, { ...session.record, opened })
      },
      chunks: () => session.chunks,
      undelivered: () =>
        decisions
          .filter((decision) => !decision.delivered)
          .map(({ decision, atCommand, atMs }) => ({ decision, atCommand, atMs })),
      delivered: (done) => {
        decisions = decisions.map((one) =>
          one.decision === done.decision && one.atCommand === done.atCommand
            ? { ...one, delivered: true }
            : one,
        )
        // A crash before this is written delivers it twice, which the server takes as once.
        void save(STATE_FILE, { ...session.state, decisions } satisfies SessionState).catch(() => {})
      },
      refusedDecision,
      progress: () => null,
      close: () => session.close,
    },
    () => {},
    timing,
  )
}

/** Whether a recorder still listens there: a process id can be somebody else's by now, a socket cannot. */
const answers = (socketPath: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(socketPath)
    const done = (alive: boolean): void => {
      socket.destroy()
      resolve(alive)
    }
    socket.once('connect', () => done(true))
    socket.once('error', () => done(false))
    socket.setTimeout(2_000, () => done(true))
  })

const namesIn = (directory: string): readonly string[] => {
  try {
    return readdirSync(directory).sort()
  } catch {
    return []
  }
}

const statOrNone = (path: string): readonly { size: number; mtimeMs: number }[] => {
  try {
    return [statSync(path)]
  } catch {
    return []
  }
}
