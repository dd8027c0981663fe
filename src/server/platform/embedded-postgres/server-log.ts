/** Reads the server's own words when something fails, and keeps its log files bounded. */
import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'

export const startupLogName = 'startup.log'
const filesKept = 5

/** What PostgreSQL said last, most telling lines first, as one error for a person. `said` is output of a failed tool. */
export async function explainFailure(what: string, folder: string, said?: string): Promise<Error> {
  const text = said ?? (await lastWords(join(folder, 'log')))
  const full = /No space left on device|Disk quota exceeded/.test(text)
  const reason = full
    ? `${what}: the disk that holds ${folder} is full. Free some space and start again.`
    : `${what}.`
  const lines = tellingLines(text)
  return new Error(lines.length === 0 ? reason : `${reason} PostgreSQL said:\n  ${lines.join('\n  ')}`)
}

/** The same sentence for a full disk met by our own writes; other faults pass unchanged. */
export function asDiskFull(fault: unknown, folder: string): unknown {
  const code = (fault as NodeJS.ErrnoException).code
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return fault
  return new Error(`The disk that holds ${folder} is full. Free some space and start again.`, {
    cause: fault,
  })
}

/** The start-up output and the end of the newest log file. */
export async function lastWords(logFolder: string): Promise<string> {
  const newest = (await logFiles(logFolder)).at(-1)
  const parts = [startupLogName, ...(newest ? [newest] : [])].map((name) =>
    readFile(join(logFolder, name), 'utf8').then(
      (text) => text.slice(-8192),
      () => '',
    ),
  )
  return (await Promise.all(parts)).join('\n')
}

export function tellingLines(text: string): string[] {
  const lines = text
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.includes('redirecting log output'))
  const telling = lines.filter((line) =>
    /\b(FATAL|PANIC|HINT|DETAIL)\b|error|could not|cannot|No space left/i.test(line),
  )
  return (telling.length > 0 ? telling : lines).slice(-6)
}

/** PostgreSQL rotates at 10 MB but never deletes: the newest five stay. */
export async function pruneLogFiles(logFolder: string): Promise<void> {
  const surplus = (await logFiles(logFolder)).slice(0, -filesKept)
  for (const name of surplus) await rm(join(logFolder, name), { force: true })
}

async function logFiles(logFolder: string): Promise<string[]> {
  const names = await readdir(logFolder).catch((): string[] => [])
  return names.filter((name) => /^postgres-\d{8}-\d{6}\.log$/.test(name)).toSorted()
}
