/**
 * Passwords as argon2id hashes (RFC 9106) with a key from the key folder mixed in: a copy of the database alone does not
 * even allow guessing. Parameters: OWASP Password Storage Cheat Sheet, 19 MiB, two passes; 37 ms on a 2-core machine.
 */
import { argon2, randomBytes, timingSafeEqual, type Argon2Parameters } from 'node:crypto'
import { promisify } from 'node:util'
import type { Platform } from '../../platform/context.ts'
import { Fault } from '../../platform/faults.ts'

const MEMORY_KIB = 19_456
const PASSES = 2
const LANES = 1
const SALT_BYTES = 16
const HASH_BYTES = 32
/** Each takes 19 MiB and a thread of the pool that file access uses as well. */
const AT_ONCE = 2
const MOST_WAITING = 64

const derive = promisify(argon2) as (algorithm: 'argon2id', parameters: Argon2Parameters) => Promise<Buffer>

let running = 0
const waiting: (() => void)[] = []

const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
  if (running >= AT_ONCE) {
    if (waiting.length >= MOST_WAITING)
      throw new Fault('unavailable', 'Too many people sign in at this moment. Try again in a few seconds.', {
        retryAfterSeconds: 5,
      })
    await new Promise<void>((resolve) => waiting.push(resolve))
  } else running += 1
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    if (next) next()
    else running -= 1
  }
}

type Cost = { memory: number; passes: number; parallelism: number }

/** NFKC: the same password typed on another keyboard is the same bytes (NIST SP 800-63B-4, section 3.1.1.2). */
const hashWith = ({ secrets }: Platform, password: string, nonce: Buffer, cost: Cost, tagLength: number) =>
  inTurn(() =>
    derive('argon2id', {
      message: Buffer.from(password.normalize('NFKC'), 'utf8'),
      nonce,
      secret: secrets.derive('passwords'),
      tagLength,
      ...cost,
    }),
  )

const encode = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '')

/** @returns a PHC string, `$argon2id$v=19$m=…,t=…,p=…$salt$hash` */
export const hashPassword = async (platform: Platform, password: string): Promise<string> => {
  const nonce = randomBytes(SALT_BYTES)
  const cost = { memory: MEMORY_KIB, passes: PASSES, parallelism: LANES }
  const hash = await hashWith(platform, password, nonce, cost, HASH_BYTES)
  return `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$${encode(nonce)}$${encode(hash)}`
}

const shape = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/

/** Stands in for the hash of an account that does not exist: comparing with it takes as long and never succeeds. */
const nobody = `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$${encode(Buffer.alloc(SALT_BYTES))}$${encode(Buffer.alloc(HASH_BYTES))}`

/** @param stored null or undefined for an account without a password or no account at all: takes just as long */
export const passwordMatches = async (
  platform: Platform,
  password: string,
  stored: string | null | undefined,
): Promise<boolean> => {
  const [, memory, passes, parallelism, salt = '', expected = ''] = shape.exec(stored ?? nobody) ?? []
  if (!memory) throw new Error('a stored password hash has an unknown form')
  const wanted = Buffer.from(expected, 'base64')
  const cost = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) }
  const hash = await hashWith(platform, password, Buffer.from(salt, 'base64'), cost, wanted.length)
  return timingSafeEqual(hash, wanted) && stored !== null && stored !== undefined
}
