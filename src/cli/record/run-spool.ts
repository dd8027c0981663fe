/** `fortnight record --list` and `--upload`: what waits on this machine, and sending it. */
import type { RecordIo } from './record-io.ts'
import { httpRecorderServer } from './http-recorder-server.ts'
import { count, duration, size } from './recording-words.ts'
import { spoolRoot } from './spool/spool-files.ts'
import { listSpool, uploadSpooled } from './upload-spooled.ts'

const UPLOAD_TIMEOUT_MS = 10 * 60_000

/** Exit code 0 when nothing is left waiting, 1 when something is. */
export const runSpool = (verb: 'list' | 'upload', io: RecordIo): Promise<number> =>
  verb === 'list' ? list(io) : upload(io)

const list = async (io: RecordIo): Promise<number> => {
  const root = spoolRoot(io.env, io.homeDirectory)
  const entries = await listSpool(root)
  if (entries.length === 0) {
    io.stdout.write(`Nothing waits in ${root}\n`)
    return 0
  }
  for (const { record, alive, bytes, lastWrittenAt, directory } of entries) {
    const { open, opened } = record
    const under = open.decision ?? open.kind
    const state = alive
      ? 'recording now'
      : opened === null
        ? 'not known to the server'
        : 'not wholly uploaded'
    const facts = `${local(open.startedAt)}  ${duration(Math.max(0, lastWrittenAt - open.startedAt))}  ${size(bytes)}`
    io.stdout.write(`${open.environment}  ${under}  ${facts}  ${state}\n  ${directory}\n`)
  }
  return entries.some((entry) => !entry.alive) ? 1 : 0
}

const upload = async (io: RecordIo): Promise<number> => {
  if (io.connection === null) {
    io.stderr.write('Not signed in: run `fortnight login`, or set FORTNIGHT_URL and FORTNIGHT_TOKEN.\n')
    return 1
  }
  const root = spoolRoot(io.env, io.homeDirectory)
  let kept = 0
  let sent = 0
  for await (const result of uploadSpooled(
    root,
    httpRecorderServer(io.connection),
    UPLOAD_TIMEOUT_MS,
    io.timing,
  )) {
    const { open } = result.session.record
    const which = `${open.environment}  ${open.decision ?? open.kind}  ${local(open.startedAt)}`
    if (result.kind === 'kept') {
      kept++
      io.stderr.write(`kept      ${which}\n          ${result.detail}\n`)
      continue
    }
    sent++
    const { chunks, lostTailMs, commands } = result.session.close
    const lost = lostTailMs > 0 ? `, up to ${duration(lostTailMs)} of its end lost with the recorder` : ''
    io.stdout.write(
      `uploaded  ${which}  ${count(chunks, 'chunk')}, ${count(commands.length, 'command')}${lost}\n`,
    )
    for (const remark of result.remarks) io.stdout.write(`          ${remark}\n`)
    if (result.closed.url !== undefined) io.stdout.write(`          ${result.closed.url}\n`)
  }
  if (sent === 0 && kept === 0) io.stdout.write('Nothing waits on this machine.\n')
  return kept === 0 ? 0 : 1
}

const local = (at: number): string => {
  const date = new Date(at)
  const two = (n: number): string => String(n).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`
}
