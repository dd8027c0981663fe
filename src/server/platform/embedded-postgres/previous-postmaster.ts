/** Deals with what an earlier run left: a server that still runs, or a postmaster.pid whose number now means another process. */
import { execFile } from 'node:child_process'
import { readFile, readlink, realpath } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'

/**
 * Call while holding the folder. Stops a server of ours that outlived its parent.
 * @returns the recorded process id when it belongs to some unrelated live process. The file is not deleted then: it also
 * names the shared memory of the crashed server, by which PostgreSQL sees whether old backends still write. Instead the
 * id is declared harmless (PG_GRANDPARENT_PID, as pg_ctl does; see CreateLockFile in miscinit.c).
 */
export async function settlePreviousPostmaster(
  clusterFolder: string,
  log: (line: string) => void,
): Promise<number | undefined> {
  const pid = (await readPostmasterFile(clusterFolder))?.pid
  if (pid === undefined || !isAlive(pid)) return undefined
  if (!(await isPostgresOn(pid, clusterFolder))) return pid
  log(`stopping PostgreSQL ${pid}, which outlived the process that started it`)
  for (const [signal, tries] of [
    ['SIGINT', 600],
    ['SIGQUIT', 100],
  ] as const) {
    signalQuietly(pid, signal)
    for (let n = 0; n < tries; n++) {
      if (!isAlive(pid)) return undefined
      await wait(100)
    }
  }
  throw new Error(
    `PostgreSQL process ${pid} still runs on ${clusterFolder} and does not stop; end it by hand`,
  )
}

/** The server's own record: process id, folder of its socket (line 5) and whether it takes connections (line 8 of postmaster.pid). */
export async function readPostmasterFile(
  clusterFolder: string,
): Promise<{ pid: number; ready: boolean; socketFolder: string } | undefined> {
  const text = await readFile(join(clusterFolder, 'postmaster.pid'), 'utf8').catch(() => undefined)
  const lines = text?.split('\n') ?? []
  const pid = Number(lines[0])
  if (!Number.isInteger(pid) || pid <= 0) return undefined
  return { pid, ready: lines[7]?.trim() === 'ready', socketFolder: lines[4]?.trim() ?? '' }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (fault) {
    return (fault as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** A postmaster's working directory is its cluster. Where /proc is missing, its command line names it. */
export async function isPostgresOn(pid: number, clusterFolder: string): Promise<boolean> {
  if (process.platform === 'linux') {
    const program = await readlink(`/proc/${pid}/exe`).catch(() => '')
    const at = await readlink(`/proc/${pid}/cwd`).catch(() => '')
    return basename(program).startsWith('postgres') && at === (await realpath(clusterFolder))
  }
  const { stdout } = await promisify(execFile)('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => ({
    stdout: '',
  }))
  return stdout.includes('postgres') && stdout.includes(clusterFolder)
}

function signalQuietly(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // Gone in between.
  }
}
