/** The folder that a restore fills: empty before, whole or marked as incomplete afterwards. */
import { mkdir, open, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { holdFolder } from '../../platform/embedded-postgres/hold-folder.ts'
import { INCOMPLETE_MARK, RESTORED_NOTE, type RestoredNote } from '../restored-folder.ts'
import { RestoreRefused } from './restore-refused.ts'

export type Place = {
  readonly folder: string
  readonly blobs: string
  readonly database: string
  /** True when a restore that never ended was cleared away first. */
  readonly cleared: boolean
  /** From here on a server may start on it. */
  readonly finish: (note: RestoredNote) => Promise<void>
  /** Leaves the folder as empty as it was found. */
  readonly giveUp: () => Promise<void>
}

/** Keys may be here before the data; a mount point has its own folder. Neither is touched. */
const MAY_BE_THERE: readonly string[] = ['keys', 'lost+found']
/** Files of the lock that keeps two restores apart. */
const LOCK_FILES: readonly string[] = ['hold', 'hold-journal', 'holder.json']

const WARNING = `A restore into this folder has begun and has not ended. It is not a whole installation: do not start it.
Run \`fortnight restore\` on this folder again, or remove it.
`

const flushFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder)
  await handle.sync().finally(() => handle.close())
}

const writeFlushed = async (file: string, text: string): Promise<void> => {
  await writeFile(file, text, { mode: 0o600, flush: true })
}

const clear = async (folder: string, but: readonly string[]): Promise<void> => {
  for (const name of await readdir(folder))
    if (!but.includes(name)) await rm(join(folder, name), { recursive: true, force: true })
}

const hold = (folder: string): { release: () => void } => {
  try {
    return holdFolder(folder)
  } catch (error) {
    throw new RestoreRefused(`Another restore into ${folder} is under way.`, { cause: error })
  }
}

/** @throws RestoreRefused when the folder holds anything that a restore could destroy */
export const openPlace = async (given: string): Promise<Place> => {
  const folder = resolve(given)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const found = (await readdir(folder)).filter((name) => !MAY_BE_THERE.includes(name))
  const interrupted = found.includes(INCOMPLETE_MARK)
  if (!interrupted && found.some((name) => !LOCK_FILES.includes(name)))
    throw new RestoreRefused(
      `${folder} is not empty (${found.slice(0, 3).join(', ')}${found.length > 3 ? ', …' : ''}). A restore fills an empty folder; name another one.`,
    )
  const held = hold(folder)
  const keep = [...MAY_BE_THERE, ...LOCK_FILES, INCOMPLETE_MARK]
  if (interrupted) await clear(folder, keep)
  const mark = join(folder, INCOMPLETE_MARK)
  await writeFlushed(mark, WARNING)
  await flushFolder(folder)
  const leave = async (): Promise<void> => {
    held.release()
    for (const name of LOCK_FILES) await rm(join(folder, name), { force: true })
    await flushFolder(folder)
  }
  return {
    folder,
    blobs: join(folder, 'blobs'),
    database: join(folder, 'postgres'),
    cleared: interrupted,
    finish: async (note) => {
      const draft = join(folder, `${RESTORED_NOTE}.new`)
      await writeFlushed(draft, `${JSON.stringify(note, null, 1)}\n`)
      await rename(draft, join(folder, RESTORED_NOTE))
      await flushFolder(folder)
      await rm(mark)
      await leave()
    },
    giveUp: async () => {
      await clear(folder, keep)
      await rm(mark, { force: true })
      await leave()
    },
  }
}
