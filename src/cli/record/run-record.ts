/** `fortnight record`: the operator's own shell, recorded from the first prompt to the last. */
import { randomUUID } from 'node:crypto'
import { RULESET } from '../../domain/operations/operator-log/recording/redaction/secret-rules.ts'
import { openElapsedClock } from './elapsed-clock.ts'
import { httpRecorderServer } from './http-recorder-server.ts'
import { recordingStatus, SESSION_VARIABLE } from './inside.ts'
import { openOperatorTerminal } from './operator-terminal.ts'
import type { OperatorTerminal } from './operator-terminal.ts'
import { plainText } from './plain-text.ts'
import { loadPty, PtyUnavailable } from './pty.ts'
import type { RecordIo } from './record-io.ts'
import { readRecordOptions, USAGE } from './record-options.ts'
import type { RecordRequest } from './record-options.ts'
import { recordSession } from './record-session.ts'
import { runInside } from './run-inside.ts'
import { runSpool } from './run-spool.ts'
import { isServerFault } from './server-port.ts'
import type { OpenedSession, OpenSession, RecorderServer } from './server-port.ts'

/** Resolves to the shell's own exit code; 3 for wrong usage, 1 when the session was refused or could not start. */
export const runRecord = async (argv: readonly string[], io: RecordIo): Promise<number> => {
  const options = readRecordOptions(argv)
  switch (options.verb) {
    case 'help':
      io.stdout.write(USAGE)
      return 0
    case 'wrong':
      io.stderr.write(`${options.detail}.\n\n${USAGE}`)
      return 3
    case 'list':
    case 'upload':
      return runSpool(options.verb, io)
    case 'pause':
    case 'resume':
    case 'redact-last':
      return runInside(options, io)
    case 'record':
      return record(options, io)
  }
}

const record = async (request: RecordRequest, io: RecordIo): Promise<number> => {
  const refuse = (detail: string, code: number): number => {
    io.stderr.write(`${detail}\n`)
    return code
  }
  if (await isNested(io))
    return refuse(
      'This shell is being recorded already. `exit` ends it; `fortnight decide` makes it a change.',
      1,
    )
  if (io.stdin.isTTY !== true || io.stdout.isTTY !== true)
    return refuse('`fortnight record` needs a terminal: it records an interactive shell.', 1)
  if (io.connection === null && request.kind !== 'break-glass') {
    return refuse(
      'Not signed in: run `fortnight login`, or set FORTNIGHT_URL and FORTNIGHT_TOKEN. In an emergency, `--break-glass "why"` records on this machine alone.',
      1,
    )
  }
  const server = io.connection === null ? null : httpRecorderServer(io.connection)
  const terminal = openOperatorTerminal(io)
  const clock = openElapsedClock()
  const shellFile = request.shell ?? io.env['SHELL'] ?? '/bin/sh'
  try {
    // Before the server is asked: a session that cannot be recorded is not opened.
    await loadPty()
    const begun = await begin(server, describe(request, io, terminal, shellFile, clock.startedAt))
    if ('refused' in begun) return refuse(`The server refused this session: ${begun.refused}`, 1)
    return await recordSession({ request, io, server, terminal, clock, shellFile, ...begun })
  } catch (error) {
    if (error instanceof PtyUnavailable) return refuse(error.message, 1)
    throw error
  }
}

const describe = (
  request: RecordRequest,
  io: RecordIo,
  terminal: OperatorTerminal,
  shellFile: string,
  startedAt: number,
): OpenSession => ({
  localId: randomUUID(),
  kind: request.kind,
  environment: request.environment,
  ...(request.decision === undefined ? {} : { decision: request.decision }),
  ...(request.alertId === undefined ? {} : { alertId: request.alertId }),
  ...(request.incidentId === undefined ? {} : { incidentId: request.incidentId }),
  ...(request.why === undefined ? {} : { why: request.why }),
  host: io.hostName,
  shell: shellFile.split('/').at(-1) ?? shellFile,
  ruleset: RULESET,
  startedAt,
  cols: terminal.cols(),
  rows: terminal.rows(),
})

const isNested = async (io: RecordIo): Promise<boolean> => {
  if ((io.env[SESSION_VARIABLE] ?? '') === '') return false
  // A variable can outlive its recorder: a tmux server started in a recorded shell hands it on for weeks.
  const reply = await recordingStatus(io.env)
  return reply.ok || reply.code !== 'not-recording'
}

type Begun = {
  readonly open: OpenSession
  readonly opened: OpenedSession | null
  readonly offlineReason: string | null
}

/** An answer of the server is obeyed; its silence is not waited for: the session becomes break-glass and says so. */
const begin = async (
  server: RecorderServer | null,
  asked: OpenSession,
): Promise<Begun | { readonly refused: string }> => {
  let reason = 'nobody has signed in on this machine'
  if (server !== null) {
    try {
      return { open: asked, opened: await server.openSession(asked), offlineReason: null }
    } catch (error) {
      if (!isServerFault(error)) throw error
      if (error.fault === 'refused') return { refused: error.detail }
      reason = error.detail
    }
  }
  const open: OpenSession = {
    ...asked,
    kind: 'break-glass',
    why: asked.why ?? plainText(`The server could not be reached at the start: ${reason}`, 2_000),
    offline: { requestedKind: asked.kind, reason: plainText(reason, 500) },
  }
  return { open, opened: null, offlineReason: reason }
}
