/** Reads files of rules beside the thread that sends pages: half a megabyte of YAML takes the library 0.7 s, made to hurt 5 s. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { Fault } from '../../platform/faults.ts'
import type { RuleFile, RuleFilesRead } from './read-rule-files.ts'

const LONGEST_MS = 25_000
const MOST_MEMORY_MB = 512

/** Beside the bundle, or above it where the bundle is a part of another program. */
const program = (): string => {
  if (import.meta.filename.endsWith('.ts')) return join(import.meta.dirname, '../../rules-thread.ts')
  const [beside = '', above = ''] = ['.', '..'].map((way) =>
    join(import.meta.dirname, way, 'rules-thread.mjs'),
  )
  return existsSync(beside) ? beside : above
}

const tooMuch = (cause?: unknown): Fault =>
  new Fault(
    'invalid-input',
    'These files take too long to read, or too much memory. Nothing was changed; import fewer at once.',
    { cause },
  )

let reading = false

/** @throws Fault when it takes too long, or while another import is being read in this process */
export const readInThread = async (
  files: readonly RuleFile[],
  { longestMs = LONGEST_MS } = {},
): Promise<RuleFilesRead> => {
  if (reading)
    throw new Fault('conflict', 'Another import is being read at this moment. Import again when it is done.')
  reading = true
  const limits = { maxOldGenerationSizeMb: MOST_MEMORY_MB }
  const thread = new Worker(program(), { workerData: files, name: 'rules', resourceLimits: limits })
  const late = AbortSignal.timeout(longestMs)
  try {
    return await new Promise<RuleFilesRead>((resolve, reject) => {
      thread.once('message', resolve)
      thread.once('error', (error) => reject(tooMuch(error)))
      thread.once('exit', () => reject(tooMuch()))
      late.addEventListener('abort', () => reject(tooMuch()))
    })
  } finally {
    reading = false
    await thread.terminate()
  }
}
