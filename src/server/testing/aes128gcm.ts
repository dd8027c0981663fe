/** RFC 8291 on the browser's side: the keys of a subscription, and the decryption of one aes128gcm message (RFC 8188). */
import { createDecipheriv, createECDH, createHmac, randomBytes, type ECDH } from 'node:crypto'

const TAG_BYTES = 16
/** salt, record size, length of the key id, key id (an uncompressed point of P-256). */
const HEADER_BYTES = 16 + 4 + 1 + 65
const LAST_RECORD = 2

const hmac = (key: Uint8Array, ...parts: (Uint8Array | string)[]): Buffer => {
  const mac = createHmac('sha256', key)
  for (const part of parts) mac.update(part)
  return mac.digest()
}

/** HKDF-Expand for at most 32 bytes: one round. */
const expand = (prk: Uint8Array, info: string, length: number): Buffer =>
  hmac(prk, Buffer.from(`${info}\0`, 'latin1'), Buffer.from([1])).subarray(0, length)

export type BrowserKeys = {
  readonly p256dh: string
  readonly auth: string
  /** @throws Error when a browser could not read it */
  readonly decrypt: (body: Buffer) => Buffer
}

const decryptWith = (own: ECDH, authSecret: Buffer, body: Buffer): Buffer => {
  if (body.length < HEADER_BYTES + TAG_BYTES + 1) throw new Error('the message is shorter than its header')
  const salt = body.subarray(0, 16)
  const recordSize = body.readUInt32BE(16)
  if (body[20] !== 65) throw new Error('the key id is not a point of P-256')
  const senderPublic = body.subarray(21, HEADER_BYTES)
  const record = body.subarray(HEADER_BYTES)
  // RFC 8291 section 4: exactly one record.
  if (record.length > recordSize) throw new Error('the message has more than one record')
  const shared = own.computeSecret(senderPublic)
  const ikm = hmac(
    hmac(authSecret, shared),
    Buffer.from('WebPush: info\0', 'latin1'),
    own.getPublicKey(),
    senderPublic,
    Buffer.from([1]),
  )
  const prk = hmac(salt, ikm)
  const decipher = createDecipheriv(
    'aes-128-gcm',
    expand(prk, 'Content-Encoding: aes128gcm', 16),
    expand(prk, 'Content-Encoding: nonce', 12),
  )
  decipher.setAuthTag(record.subarray(-TAG_BYTES))
  const padded = Buffer.concat([decipher.update(record.subarray(0, -TAG_BYTES)), decipher.final()])
  const end = padded.findLastIndex((byte) => byte !== 0)
  if (padded[end] !== LAST_RECORD) throw new Error('the record does not say that it is the last')
  return padded.subarray(0, end)
}

/** @param fixed private key and secret of a published example; fresh ones when absent */
export const openBrowserKeys = (fixed?: {
  readonly privateKey: string
  readonly auth: string
}): BrowserKeys => {
  const own = createECDH('prime256v1')
  if (fixed) own.setPrivateKey(Buffer.from(fixed.privateKey, 'base64url'))
  else own.generateKeys()
  const authSecret = fixed ? Buffer.from(fixed.auth, 'base64url') : randomBytes(16)
  return {
    p256dh: own.getPublicKey().toString('base64url'),
    auth: authSecret.toString('base64url'),
    decrypt: (body) => decryptWith(own, authSecret, body),
  }
}
