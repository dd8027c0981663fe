/** `fortnight record --pause`, `--resume`, `--redact-last`: words with the recorder around this shell. */
import { pauseRecording, redactLast, resumeRecording } from './inside.ts'
import type { RecordIo } from './record-io.ts'
import type { RecordOptions } from './record-options.ts'

type InsideOptions = Extract<RecordOptions, { verb: 'pause' | 'resume' | 'redact-last' }>

export const runInside = async (options: InsideOptions, io: RecordIo): Promise<number> => {
  const reply = await ask(options, io)
  if (!reply.ok) {
    io.stderr.write(`${reply.detail}.\n`)
    return 1
  }
  io.stdout.write(`${reply.detail}.\n`)
  return 0
}

const ask = (options: InsideOptions, io: RecordIo) => {
  switch (options.verb) {
    case 'pause':
      return pauseRecording(io.env, options.why)
    case 'resume':
      return resumeRecording(io.env)
    case 'redact-last':
      return redactLast(io.env, options.seconds, options.why)
  }
}
