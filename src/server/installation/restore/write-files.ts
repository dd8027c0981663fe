/** Puts recordings and attached files back where they were, flushed to the disk in batches. */
import { createWriteStream } from 'node:fs'
import { mkdir, open, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

export type FileWriter = {
  /** Resolves when the bytes were taken, which may be before they are in the file. */
  readonly write: (name: string, size: number, bytes: AsyncIterable<Uint8Array>) => Promise<void>
  /** Everything written, and every folder made for it, is on the disk afterwards. */
  readonly flush: () => Promise<void>
}

/** Small files are written several at once: most are chunks of recordings, a few kilobytes each. */
const SMALL_BYTES = 1024 * 1024
const WRITTEN_AT_ONCE = 8
/** Flushing a batch of finished files costs a quarter of flushing each when it is closed. */
const FILES_A_FLUSH = 500

/** Never over something that is there. */
const NEW = { flag: 'wx', flags: 'wx', mode: 0o600 } as const

const flushed = async (path: string): Promise<void> => {
  const handle = await open(path)
  await handle.sync().finally(() => handle.close())
}

export const openFileWriter = async (folder: string): Promise<FileWriter> => {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const made = new Set<string>([folder])
  const waiting: string[] = []
  const writing = new Set<Promise<void>>()
  let failure: unknown
  const settled = async (atMost: number): Promise<void> => {
    while (writing.size > atMost) await Promise.race(writing)
    if (failure !== undefined) throw failure
  }
  const flushFiles = async (): Promise<void> => {
    await settled(0)
    for (const file of waiting.splice(0)) await flushed(file)
  }
  const prepare = async (path: string): Promise<void> => {
    if (made.has(path)) return
    await mkdir(path, { recursive: true, mode: 0o700 })
    // Every folder on the way down is new, and an entry of the one above.
    for (let above = path; !made.has(above); above = dirname(above)) made.add(above)
  }
  const writeSmall = async (file: string, content: Uint8Array): Promise<void> => {
    await settled(WRITTEN_AT_ONCE - 1)
    const one = writeFile(file, content, NEW)
      // Kept for whoever comes next: nobody waits for this one alone.
      .catch((error: unknown) => {
        failure ??= error
      })
      .finally(() => writing.delete(one))
    writing.add(one)
  }
  return {
    write: async (name, size, bytes) => {
      const file = join(folder, `${name}.enc`)
      await prepare(dirname(file))
      if (size <= SMALL_BYTES) await writeSmall(file, Buffer.concat(await Array.fromAsync(bytes)))
      else await pipeline(Readable.from(bytes), createWriteStream(file, NEW))
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
