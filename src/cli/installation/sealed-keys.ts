/** A backup of keys as a file: the key files under a passphrase, scrypt (RFC 7914) and AES-256-GCM. */
import { createCipheriv, createDecipheriv, randomBytes, scrypt as scryptWithCallback } from 'node:crypto'
import { promisify } from 'node:util'
import { z } from 'zod'
import { CommandFault } from '../shell/io.ts'
import { KEYS_FORMAT } from './places.ts'

const scrypt = promisify<string, Buffer, number, object, Buffer>(scryptWithCallback)

/** 128 MiB and about half a second: what one try costs whoever found the file. */
const COST = { N: 2 ** 17, r: 8, p: 1 }
const MEMORY_BYTES = 256 * 1024 * 1024

const base64 = z.base64().max(64 * 1024 * 1024)
const sealedShape = z.object({
  format: z.literal(KEYS_FORMAT),
  v: z.literal(1),
  madeAt: z.number().int(),
  scrypt: z.object({
    N: z
      .number()
      .int()
      .max(2 ** 20),
    r: z.number().int().max(32),
    p: z.number().int().max(16),
    salt: base64,
  }),
  nonce: base64,
  sealed: base64,
})
type Sealed = z.infer<typeof sealedShape>
const filesShape = z.record(z.string(), base64)

/** Bytes by file name. */
export type KeyFiles = Readonly<Record<string, Buffer>>

const keyFrom = (passphrase: string, { salt, ...cost }: Sealed['scrypt']): Promise<Buffer> =>
  scrypt(passphrase.normalize('NFKC'), Buffer.from(salt, 'base64'), 32, { ...cost, maxmem: MEMORY_BYTES })

/** Everything outside the seal is bound to it, so that nobody can lower the cost or the date. */
const outside = (file: Sealed): Buffer => Buffer.from(JSON.stringify({ ...file, sealed: '' }))

export const sealKeys = async (files: KeyFiles, passphrase: string, madeAt: number): Promise<string> => {
  const head: Sealed = {
    format: KEYS_FORMAT,
    v: 1,
    madeAt,
    scrypt: { ...COST, salt: randomBytes(16).toString('base64') },
    nonce: randomBytes(12).toString('base64'),
    sealed: '',
  }
  const cipher = createCipheriv(
    'aes-256-gcm',
    await keyFrom(passphrase, head.scrypt),
    Buffer.from(head.nonce, 'base64'),
  )
  cipher.setAAD(outside(head))
  const plain = Object.fromEntries(
    Object.entries(files).map(([name, bytes]) => [name, bytes.toString('base64')]),
  )
  const sealed = Buffer.concat([cipher.update(JSON.stringify(plain)), cipher.final(), cipher.getAuthTag()])
  return `${JSON.stringify({ ...head, sealed: sealed.toString('base64') }, null, 1)}\n`
}

const parseSealed = (text: string): Sealed => {
  try {
    return sealedShape.parse(JSON.parse(text))
  } catch {
    throw new CommandFault('This is not a backup of keys, or it is damaged.')
  }
}

const TAG_BYTES = 16

/** @throws CommandFault for a wrong passphrase or a changed file; which of the two nobody can tell */
export const openKeys = async (
  text: string,
  passphrase: string,
): Promise<KeyFiles & { readonly [key: string]: Buffer }> => {
  const kept = parseSealed(text)
  const bytes = Buffer.from(kept.sealed, 'base64')
  const key = await keyFrom(passphrase, kept.scrypt)
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(kept.nonce, 'base64'))
    decipher.setAAD(outside(kept))
    decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES))
    const plain = Buffer.concat([
      decipher.update(bytes.subarray(0, bytes.length - TAG_BYTES)),
      decipher.final(),
    ])
    const files = filesShape.parse(JSON.parse(plain.toString('utf8')))
    return Object.fromEntries(
      Object.entries(files).map(([name, text64]) => [name, Buffer.from(text64, 'base64')]),
    )
  } catch {
    throw new CommandFault('The passphrase is wrong, or the file was changed.')
  }
}
