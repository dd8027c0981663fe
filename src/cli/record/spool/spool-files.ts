/** Where recordings wait on the operator's disk, and how a file gets there whole or not at all. */
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'

export type SpoolEnvironment = Readonly<Record<string, string | undefined>>

/** `${XDG_STATE_HOME:-~/.local/state}/fortnight/spool`. */
export const spoolRoot = (env: SpoolEnvironment, homeDirectory: string): string => {
  const state = env['XDG_STATE_HOME']
  const base = state !== undefined && state.startsWith('/') ? state : join(homeDirectory, '.local', 'state')
  return join(base, 'fortnight', 'spool')
}

export const makePrivateDirectory = (path: string): void => {
  mkdirSync(path, { recursive: true, mode: 0o700 })
}

export const chunkFileName = (n: number): string => `${String(n).padStart(6, '0')}.cast.gz`

/** Events of the chunk that is not full yet, as plain lines: what a killed recorder leaves behind. */
export const openChunkFileName = (n: number): string => `open-${String(n).padStart(6, '0')}.cast`

let temporaryCount = 0
const temporaryName = (path: string): string => `${path}.${process.pid}-${temporaryCount++}.tmp`

/** Temporary file, fsync, rename, fsync of the folder: after this returns the file survives a power cut, whole. */
export const writeDurably = async (path: string, bytes: Uint8Array | string): Promise<void> => {
  await writeWhole(path, bytes, true)
  await syncPath(dirname(path))
}

/** Whole or not at all for whoever reads, also after a kill -9; `sync` says whether a power cut is provided for now. */
export const writeWhole = async (path: string, bytes: Uint8Array | string, sync: boolean): Promise<void> => {
  const temporary = temporaryName(path)
  const file = await open(temporary, 'w', 0o600)
  try {
    await file.writeFile(bytes)
    if (sync) await file.sync()
  } finally {
    await file.close()
  }
  await rename(temporary, path)
}

export const syncPath = async (path: string): Promise<void> => {
  const file = await open(path, 'r')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

/** The same for the few moments that cannot wait for the event loop: the session's start and a signal. */
export const writeDurablySync = (path: string, text: string): void => {
  const temporary = temporaryName(path)
  const file = openSync(temporary, 'w', 0o600)
  try {
    writeSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(temporary, path)
}

export const readJson = <T>(path: string): T | null => {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T
  } catch {
    return null
  }
}
