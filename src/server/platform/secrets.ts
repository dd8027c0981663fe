/**
 * Keys of this installation, in files apart from the data so that a copy of the database proves and opens nothing.
 *
 *   root.key     32 random bytes; everything encrypted at rest and every keyed hash derives from it (HKDF, RFC 5869)
 *   ledger.key   Ed25519 private key (PKCS#8 PEM) that signs checkpoints; only holders stand for sequencer
 *   push.key     P-256 private key (PKCS#8 PEM), the VAPID identity towards push services
 */
import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  generateKeyPairSync,
  hkdfSync,
  randomBytes,
  type KeyObject,
} from 'node:crypto'
import { existsSync, linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export type Secrets = {
  /** 32 bytes for one purpose; the same purpose gives the same key. */
  readonly derive: (purpose: string) => Buffer
  readonly seal: (purpose: string, plain: Uint8Array) => Buffer
  readonly open: (purpose: string, sealed: Uint8Array) => Buffer
  /** undefined where this process was not given the key: it then neither sequences nor signs. */
  readonly ledgerKey: KeyObject | undefined
  readonly pushKey: KeyObject
  readonly folder: string
}

/** Two first starts at once must not overwrite each other's key: link(2) fails when the name exists. */
const readOrMake = (file: string, make: () => Buffer): Buffer => {
  if (!existsSync(file)) {
    const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`
    writeFileSync(draft, make(), { mode: 0o600 })
    try {
      linkSync(draft, file)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    } finally {
      unlinkSync(draft)
    }
  }
  return readFileSync(file)
}

const pem = (key: KeyObject): Buffer => Buffer.from(key.export({ type: 'pkcs8', format: 'pem' }) as string)

/** One key for one purpose, of 32 bytes. */
export const deriveKey = (root: Uint8Array, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', root, Buffer.alloc(0), `fortnight/${purpose}/v1`, 32))

const NONCE_BYTES = 12
const TAG_BYTES = 16

/** @throws Error when the bytes were changed, or sealed with another key */
const openSealed = (key: Uint8Array, sealed: Uint8Array): Buffer => {
  const bytes = Buffer.from(sealed)
  const cipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES))
  cipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES))
  return Buffer.concat([cipher.update(bytes.subarray(NONCE_BYTES, bytes.length - TAG_BYTES)), cipher.final()])
}

/** Opens for one purpose only: for a thread, which is handed the derived key and never the root. */
export const openerFor =
  (purpose: string, key: Uint8Array): Secrets['open'] =>
  (asked, sealed) => {
    if (asked !== purpose) throw new Error(`this thread opens nothing for ${asked}`)
    return openSealed(key, sealed)
  }

export const openSecrets = (folder: string): Secrets => {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const root = readOrMake(join(folder, 'root.key'), () => randomBytes(32))
  if (root.length !== 32)
    throw new Error(
      `${join(folder, 'root.key')} is damaged: 32 bytes expected. Restore it from the key backup.`,
    )
  const ledgerPem = readOrMake(join(folder, 'ledger.key'), () =>
    pem(generateKeyPairSync('ed25519').privateKey),
  )
  const pushPem = readOrMake(join(folder, 'push.key'), () =>
    pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey),
  )
  const derived = new Map<string, Buffer>()
  const derive = (purpose: string): Buffer => {
    const known = derived.get(purpose)
    if (known) return known
    const key = deriveKey(root, purpose)
    derived.set(purpose, key)
    return key
  }
  return {
    derive,
    seal: (purpose, plain) => {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', derive(purpose), nonce)
      return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
    },
    open: (purpose, sealed) => openSealed(derive(purpose), sealed),
    ledgerKey: ledgerPem.length > 0 ? createPrivateKey(ledgerPem) : undefined,
    pushKey: createPrivateKey(pushPem),
    folder,
  }
}
