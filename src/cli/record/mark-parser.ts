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
      /** bash only, with the first prompt: the newest entry of its history. */
      readonly historyNumber: number | null
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

export const openMarkParser = (nonce: string): MarkParser => new StreamMarkParser(nonce)

class StreamMarkParser implements MarkParser {
  readonly #opening = Buffer.from(OPENING, 'latin1')
  readonly #head: Buffer
  #carry: Buffer = NOTHING
  #forged = 0
  #state: 'starting' | 'prompt' | 'running' = 'starting'
  #lastSequence = 0

  constructor(nonce: string) {
    this.#head = Buffer.from(`${OPENING}${nonce};`, 'latin1')
  }

  push(bytes: Buffer): readonly StreamPart[] {
    const buffer = this.#carry.length === 0 ? bytes : Buffer.concat([this.#carry, bytes])
    this.#carry = NOTHING
    const parts: StreamPart[] = []
    const emit = (from: number, to: number): void => {
      if (to > from) parts.push({ bytes: buffer.subarray(from, to) })
    }
    const keep = (from: number): readonly StreamPart[] => {
      this.#carry = Buffer.from(buffer.subarray(from))
      return parts
    }
    let from = 0
    let searchFrom = 0
    for (;;) {
      const at = buffer.indexOf(this.#opening, searchFrom)
      if (at === -1) {
        const kept = buffer.length - partialLength(buffer, from, this.#opening)
        emit(from, kept)
        return keep(kept)
      }
      const found = this.#readAt(buffer, at)
      if (found === 'unfinished') {
        emit(from, at)
        return keep(at)
      }
      if (found === 'forged') {
        this.#forged++
        searchFrom = at + this.#opening.length
        continue
      }
      emit(from, at)
      parts.push({ mark: found.mark })
      from = searchFrom = found.to
    }
  }

  end(): Buffer {
    const rest = this.#carry
    this.#carry = NOTHING
    return rest
  }

  forgedMarks(): number {
    return this.#forged
  }

  #readAt(
    buffer: Buffer,
    at: number,
  ): 'unfinished' | 'forged' | { readonly mark: Mark; readonly to: number } {
    const candidate = buffer.subarray(at, at + this.#head.length)
    if (!candidate.equals(this.#head.subarray(0, candidate.length))) return 'forged'
    const end = candidate.length < this.#head.length ? null : terminatorAt(buffer, at + this.#head.length)
    if (end === null) return buffer.length - at <= MARK_MAX ? 'unfinished' : 'forged'
    const mark = this.#accept(buffer.toString('utf8', at + this.#head.length, end.from))
    return mark === null ? 'forged' : { mark, to: end.to }
  }

  /** Order is part of the proof: a mark copied from the session's own output comes out of turn. */
  #accept(payload: string): Mark | null {
    const read = readMark(payload)
    if (read === null) return null
    const { mark, sequence } = read
    switch (mark.kind) {
      case 'ready':
        return this.#state === 'starting' && this.#lastSequence === 0 ? mark : null
      case 'prompt':
        if (sequence <= this.#lastSequence) return null
        this.#lastSequence = sequence
        this.#state = 'prompt'
        return mark
      case 'input':
        return this.#state === 'prompt' ? mark : null
      case 'run':
        if (this.#state !== 'prompt' || sequence !== this.#lastSequence) return null
        this.#state = 'running'
        return mark
    }
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
          historyNumber: integer(text('history')),
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
