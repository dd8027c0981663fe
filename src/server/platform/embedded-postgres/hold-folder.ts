/** At most one launcher per data folder: a lock that the kernel drops when its process dies, however it dies. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

export type FolderHold = { release(): void }

type Holder = { pid: number; startedAt: string }

/**
 * Takes the folder or throws a sentence naming the process that has it. SQLite is used for nothing but its file lock
 * (fcntl on POSIX): a lock file with a process id would have to guess whether that id still means the same process,
 * and ids repeat after a container restarts. The side file exists only to name the holder.
 */
export function holdFolder(folder: string): FolderHold {
  const lock = new DatabaseSync(join(folder, 'hold'), { timeout: 0 })
  try {
    lock.exec('BEGIN EXCLUSIVE')
  } catch (fault) {
    lock.close()
    if ((fault as { errcode?: number }).errcode !== 5) throw fault
    throw new Error(refusal(folder), { cause: fault })
  }
  const holderPath = join(folder, 'holder.json')
  const holder: Holder = { pid: process.pid, startedAt: new Date().toISOString() }
  writeFileSync(holderPath, JSON.stringify(holder))
  return {
    release() {
      rmSync(holderPath, { force: true })
      lock.close()
    },
  }
}

function refusal(folder: string): string {
  const way = 'Stop that one first, or choose another folder with FORTNIGHT_DATA.'
  try {
    const { pid, startedAt } = JSON.parse(readFileSync(join(folder, 'holder.json'), 'utf8')) as Holder
    return `The database in ${folder} is already in use by process ${pid} (since ${startedAt}). ${way}`
  } catch {
    return `The database in ${folder} is already in use by a process that is just starting. ${way}`
  }
}
