/** Puts recordings and attached files back where they were, flushed to the disk in batches. */
import { createWriteStream } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

export type FileWriter = {
  readonly write: (name: string, bytes: AsyncIterable<Uint8Array>) => Promise<void>
  /** Everything written, and every folder made for it, is on the disk afterwards. */
  readonly flush: () => Promise<void>
}

/** Flushing a batch of finished files costs a quarter of flushing each when it is closed. */
const FILES_A_FLUSH = 500

const flushed = async (path: string): Promise<void> => {
  const handle = await open(path)
  await handle.sync().finally(() => handle.close())
}

export const openFileWriter = async (folder: string): Promise<FileWriter> => {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const made = new Set<string>([folder])
  const waiting: string[] = []
  const flushFiles = async (): Promise<void> => {
    for (const file of waiting.splice(0)) await flushed(file)
  }
  const prepare = async (path: string): Promise<void> => {
    if (made.has(path)) return
    await mkdir(path, { recursive: true, mode: 0o700 })
    // Every folder on the way down is new, and an entry of the one above.
    for (let above = path; !made.has(above); above = dirname(above)) made.add(above)
  }
  return {
    write: async (name, bytes) => {
      const file = join(folder, `${name}.enc`)
      await prepare(dirname(file))
      await pipeline(Readable.from(bytes), createWriteStream(file, { flags: 'wx', mode: 0o600 }))
      waiting.push(file)
      if (waiting.length >= FILES_A_FLUSH) await flushFiles()
    },
    flush: async () => {
      await flushFiles()
      for (const path of made) await flushed(path)
      await flushed(dirname(folder))
    },
  }
}
