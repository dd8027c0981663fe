/** Identifiers: UUIDv7 (RFC 9562 section 5.7), so that rows sort by the time they were made. */
import { randomFillSync } from 'node:crypto'

export type Ids = { readonly next: (now: number) => string }

const hex: string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Random bytes are drawn 4 KiB at a time: one system call for 400 ids instead of one each. */
const randomTen = (): ((target: Uint8Array) => void) => {
  const reserve = new Uint8Array(4096)
  let used = reserve.length
  return (target) => {
    if (used + 10 > reserve.length) {
      randomFillSync(reserve)
      used = 0
    }
    target.set(reserve.subarray(used, used + 10), 6)
    used += 10
  }
}

/** Ids of one process grow strictly: within a millisecond the 12 bits after the version count up. */
export const uuidv7 = (): Ids => {
  const bytes = new Uint8Array(16)
  const fill = randomTen()
  let lastAt = 0
  let counter = 0
  return {
    next: (now) => {
      if (now > lastAt) {
        lastAt = now
        counter = 0
      } else if (++counter > 0xfff) {
        lastAt += 1
        counter = 0
      }
      fill(bytes)
      const high = Math.floor(lastAt / 0x100000000)
      const low = lastAt >>> 0
      bytes[0] = high >>> 8
      bytes[1] = high
      bytes[2] = low >>> 24
      bytes[3] = low >>> 16
      bytes[4] = low >>> 8
      bytes[5] = low
      bytes[6] = 0x70 | (counter >>> 8)
      bytes[7] = counter
      bytes[8] = 0x80 | ((bytes[8] as number) & 0x3f)
      let text = ''
      for (let i = 0; i < 16; i++) {
        if (i === 4 || i === 6 || i === 8 || i === 10) text += '-'
        text += hex[bytes[i] as number]
      }
      return text
    },
  }
}

export const isUuid = (text: string): boolean =>
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(text)
