/** Everything `record` takes from the process around it, in one place, so that a test can be that process. */
import { homedir, hostname } from 'node:os'
import type { UploadTiming } from './upload-session.ts'

export type Connection = { readonly url: string; readonly token: string }

export type RecordIo = {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly homeDirectory: string
  readonly hostName: string
  readonly stdin: NodeJS.ReadStream
  readonly stdout: NodeJS.WriteStream
  readonly stderr: NodeJS.WriteStream
  /** Null when nobody has signed in on this machine. */
  readonly connection: Connection | null
  readonly timing?: UploadTiming
}

/** @param stored what `fortnight login` left; the environment goes before it. */
export const processIo = (stored: Connection | null = null): RecordIo => {
  const { FORTNIGHT_URL: url, FORTNIGHT_TOKEN: token } = process.env
  return {
    env: process.env,
    cwd: process.cwd(),
    homeDirectory: process.env['HOME'] ?? homedir(),
    hostName: hostname(),
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    connection:
      url !== undefined && url !== '' && token !== undefined && token !== '' ? { url, token } : stored,
  }
}
