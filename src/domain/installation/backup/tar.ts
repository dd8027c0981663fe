/**
 * The container of a backup: POSIX ustar (IEEE 1003.1-2017, pax, "ustar Interchange Format"), so that `tar` opens it.
 * Only regular files with names of at most 255 bytes; written and read as a stream.
 */
import { concatBytes, textOfUtf8, utf8 } from '../../evidence/ledger/bytes.ts'
import { changed, cutShort, UnusableBackup } from './unusable-backup.ts'

const BLOCK = 512
const NAME_BYTES = 100
const PREFIX_BYTES = 155
const CHECKSUM_AT = 148
/** Eleven octal digits. */
const LARGEST = 8 ** 11 - 1

/** Two empty blocks. */
export const TAR_END: Uint8Array = new Uint8Array(2 * BLOCK)

/** Bytes after the content up to the next block. */
export const tarPadding = (size: number): Uint8Array => new Uint8Array((BLOCK - (size % BLOCK)) % BLOCK)

/** A long name is cut at a slash: the front goes into the field `prefix`. */
const splitName = (name: string): [prefix: string, rest: string] => {
  if (name.length <= NAME_BYTES) return ['', name]
  const slash = name.indexOf('/', name.length - NAME_BYTES - 1)
  if (slash < 0 || slash > PREFIX_BYTES) throw new RangeError(`too long for a name in a backup: ${name}`)
  return [name.slice(0, slash), name.slice(slash + 1)]
}

const octal = (value: number, digits: number): string => `${value.toString(8).padStart(digits, '0')}\0`

const checksum = (header: Uint8Array): number => {
  let sum = 0
  for (const [at, byte] of header.entries()) sum += at >= CHECKSUM_AT && at < CHECKSUM_AT + 8 ? 0x20 : byte
  return sum
}

const checksumText = (header: Uint8Array): string => `${checksum(header).toString(8).padStart(6, '0')}\0 `

/**
 * @param name ASCII, relative, with slashes
 * @param at   epoch milliseconds
 */
export const tarHeader = (name: string, size: number, at: number): Uint8Array => {
  if (size > LARGEST) throw new RangeError(`${name} is too large for a backup`)
  const [prefix, rest] = splitName(name)
  const header = new Uint8Array(BLOCK)
  const put = (offset: number, text: string): void => header.set(utf8(text), offset)
  put(0, rest)
  put(100, octal(0o600, 7))
  put(108, octal(0, 7))
  put(116, octal(0, 7))
  put(124, octal(size, 11))
  put(136, octal(Math.floor(at / 1000), 11))
  put(156, '0')
  put(257, 'ustar\x0000')
  put(345, prefix)
  put(CHECKSUM_AT, checksumText(header))
  return header
}

export type TarEntry = {
  readonly name: string
  readonly size: number
  /** To be read before the next entry is asked for; what is left unread is passed over. */
  readonly bytes: AsyncIterable<Uint8Array>
}

const field = (header: Uint8Array, from: number, length: number): string => {
  const bytes = header.subarray(from, from + length)
  const end = bytes.indexOf(0)
  return textOfUtf8(end < 0 ? bytes : bytes.subarray(0, end)) ?? ''
}

const number = (header: Uint8Array, from: number, length: number): number => {
  const text = field(header, from, length).trim()
  if (!/^[0-7]+$/.test(text)) throw changed('a header inside it is not readable')
  return Number.parseInt(text, 8)
}

/** Hands out the bytes of a stream in the pieces that the format asks for. */
const openSource = (source: AsyncIterable<Uint8Array>) => {
  const chunks = source[Symbol.asyncIterator]()
  let rest: Uint8Array = new Uint8Array(0)
  /** Between one and `most` bytes; undefined at the end of the stream. */
  const some = async (most: number): Promise<Uint8Array | undefined> => {
    while (rest.length === 0) {
      const { done, value } = await chunks.next()
      if (done === true) return undefined
      rest = value
    }
    const piece = rest.subarray(0, most)
    rest = rest.subarray(piece.length)
    return piece
  }
  const exactly = async (size: number): Promise<Uint8Array> => {
    const pieces: Uint8Array[] = []
    for (let missing = size; missing > 0;) {
      const piece = await some(missing)
      if (!piece) throw cutShort()
      pieces.push(piece)
      missing -= piece.length
    }
    return concatBytes(pieces)
  }
  return { some, exactly }
}

const readHeader = (header: Uint8Array): { name: string; size: number } => {
  if (field(header, 257, 5) !== 'ustar') throw new UnusableBackup('This is not a backup of Fortnight.')
  if (textOfUtf8(header.subarray(CHECKSUM_AT, CHECKSUM_AT + 8)) !== checksumText(header))
    throw changed('a header inside it does not add up')
  if (field(header, 156, 1) !== '0') throw changed('it holds something that is not a file')
  const prefix = field(header, 345, PREFIX_BYTES)
  const name = field(header, 0, NAME_BYTES)
  return { name: prefix === '' ? name : `${prefix}/${name}`, size: number(header, 124, 12) }
}

const isEmpty = (block: Uint8Array): boolean => block.every((byte) => byte === 0)

/** @throws UnusableBackup when the stream ends early or is no such archive, or something follows its end */
export async function* readTar(stream: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry, void, undefined> {
  const source = openSource(stream)
  for (;;) {
    const header = await source.exactly(BLOCK)
    if (isEmpty(header)) break
    const { name, size } = readHeader(header)
    let left = size
    const content = async function* (): AsyncGenerator<Uint8Array, void, undefined> {
      while (left > 0) {
        const piece = await source.some(left)
        if (!piece) throw cutShort()
        left -= piece.length
        yield piece
      }
    }
    yield { name, size, bytes: content() }
    await source.exactly(left)
    if (!isEmpty(await source.exactly(tarPadding(size).length)))
      throw changed('something lies between its files')
  }
  if (!isEmpty(await source.exactly(BLOCK)) || (await source.some(1)) !== undefined)
    throw changed('something follows its end')
}
