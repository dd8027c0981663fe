/**
 * Takes the shell's private marks out of its output. A mark counts only with the session's nonce, so that nothing a
 * program prints (`cat evil.log`) can pose as one; what poses is left in the output as it is, and counted.
 */

export type Mark =
  | {
      readonly kind: 'ready'
      readonly shell: string
      readonly version: string
      readonly tellsCommands: boolean
    }
  | {
      readonly kind: 'prompt'
      readonly exitCode: number | null
      readonly cwd: string | null
      /** The shell's `KUBECONFIG`, used to look up the context and never stored. */
      readonly kubeconfig: string | null
    }
  | { readonly kind: 'input' }
  | {
      readonly kind: 'run'
      readonly command: string
      /** bash only: number of the history entry that `command` was read from. */
      readonly historyNumber: number | null
    }

export type StreamPart = { readonly bytes: Buffer } | { readonly mark: Mark }

export type MarkParser = {
  readonly push: (bytes: Buffer) => readonly StreamPart[]
  /** What was held back because a mark might have begun in it. */
  readonly end: () => Buffer
  readonly forgedMarks: () => number
}

const OPENING = '\x1b]7767;'
/** A command line of 16 KiB in which every byte is escaped, and the fields around it. */
const MARK_MAX = 64 * 1024
const NOTHING = Buffer.alloc(0)

export const openMarkParser = (nonce: string): MarkParser => {
  const opening = Buffer.from(OPENING, 'latin1')
  const head = Buffer.from(`${OPENING}${nonce};`, 'latin1')
  let carry: Buffer = NOTHING
  let forged = 0
  let state: 'starting' | 'prompt' | 'running' = 'starting'
  let lastSequence = 0

  /** Order is part of the proof: a mark copied from the session's own output comes out of turn. */
  const accept = (payload: string): Mark | null => {
    const read = readMark(payload)
    if (read === null) return null
    const { mark, sequence } = read
    switch (mark.kind) {
      case 'ready':
        return state === 'starting' && lastSequence === 0 ? mark : null
      case 'prompt':
        if (sequence <= lastSequence) return null
        lastSequence = sequence
        state = 'prompt'
        return mark
      case 'input':
        return state === 'prompt' ? mark : null
      case 'run':
        if (state !== 'prompt' || sequence !== lastSequence) return null
        state = 'running'
        return mark
    }
  }

  const push = (bytes: Buffer): readonly StreamPart[] => {
    const buffer = carry.length === 0 ? bytes : Buffer.concat([carry, bytes])
    carry = NOTHING
    const parts: StreamPart[] = []
    const emit = (from: number, to: number): void => {
      if (to > from) parts.push({ bytes: buffer.subarray(from, to) })
    }
    let from = 0
    let searchFrom = 0
    for (;;) {
      const at = buffer.indexOf(opening, searchFrom)
      if (at === -1) {
        const kept = buffer.length - partialLength(buffer, from, opening)
        emit(from, kept)
        carry = Buffer.from(buffer.subarray(kept))
        return parts
      }
      const candidate = buffer.subarray(at, at + head.length)
      if (!candidate.equals(head.subarray(0, candidate.length))) {
        forged++
        searchFrom = at + opening.length
        continue
      }
      const end = candidate.length < head.length ? null : terminatorAt(buffer, at + head.length)
      if (end === null && buffer.length - at <= MARK_MAX) {
        emit(from, at)
        carry = Buffer.from(buffer.subarray(at))
        return parts
      }
      const mark = end === null ? null : accept(buffer.toString('utf8', at + head.length, end.from))
      if (mark === null || end === null) {
        forged++
        searchFrom = at + opening.length
        continue
      }
      emit(from, at)
      parts.push({ mark })
      from = searchFrom = end.to
    }
  }

  return {
    push,
    end: () => {
      const rest = carry
      carry = NOTHING
      return rest
    },
    forgedMarks: () => forged,
  }
}

/** How many bytes at the end may be the beginning of an opening. */
const partialLength = (buffer: Buffer, from: number, opening: Buffer): number => {
  for (let length = Math.min(opening.length - 1, buffer.length - from); length > 0; length--) {
    if (buffer.subarray(buffer.length - length).equals(opening.subarray(0, length))) return length
  }
  return 0
}

/** BEL, or ESC and a backslash. Any other ESC breaks the string off, as it does in a terminal. */
const terminatorAt = (buffer: Buffer, start: number): { from: number; to: number } | null => {
  for (let i = start; i < buffer.length; i++) {
    const byte = buffer[i]
    if (byte === 0x07) return { from: i, to: i + 1 }
    if (byte === 0x1b) return i + 1 < buffer.length && buffer[i + 1] === 0x5c ? { from: i, to: i + 2 } : null
  }
  return null
}

const readMark = (payload: string): { mark: Mark; sequence: number } | null => {
  const [letter, sequenceText = '', ...pairs] = payload.split(';')
  const fields = new Map(
    pairs.map((pair) => {
      const equals = pair.indexOf('=')
      return [pair.slice(0, equals), unescape(pair.slice(equals + 1))] as const
    }),
  )
  const sequence = Number(sequenceText)
  const text = (name: string): string | null => fields.get(name) || null
  switch (letter) {
    case 'ready':
      return {
        sequence,
        mark: {
          kind: 'ready',
          shell: text('shell') ?? '',
          version: text('version') ?? '',
          tellsCommands: text('commands') !== 'no',
        },
      }
    case 'A':
      return {
        sequence,
        mark: {
          kind: 'prompt',
          exitCode: integer(text('exit')),
          cwd: text('cwd'),
          kubeconfig: text('kubeconfig'),
        },
      }
    case 'B':
      return { sequence: 0, mark: { kind: 'input' } }
    case 'C':
      return {
        sequence,
        mark: { kind: 'run', command: text('command') ?? '', historyNumber: integer(text('history')) },
      }
    default:
      return null
  }
}

const integer = (text: string | null): number | null => {
  const value = text === null ? Number.NaN : Number(text)
  return Number.isInteger(value) ? value : null
}

/** `%XX` as bytes, the rest as it is; what is no escape stays. */
const unescape = (text: string): string => {
  if (!text.includes('%')) return text
  const bytes: Buffer[] = []
  for (const part of text.split(/(%[0-9a-fA-F]{2})/)) {
    bytes.push(/^%[0-9a-fA-F]{2}$/.test(part) ? Buffer.from(part.slice(1), 'hex') : Buffer.from(part))
  }
  return Buffer.concat(bytes).toString('utf8')
}
