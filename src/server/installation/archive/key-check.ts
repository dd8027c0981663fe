/** What a backup carries of the keys without holding them: a name by which they are known, and a seal only they make. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { deriveKey } from '../../platform/secrets.ts'

type Derive = (purpose: string) => Buffer

/** The same for the same root key, and of no use for anything else (HKDF, RFC 5869, is one-way). */
export const keyCheckOf = (derive: Derive): string => derive('key-check').toString('base64url')

export const sealOf = (derive: Derive, manifest: Uint8Array): string =>
  createHmac('sha256', derive('backup-manifest')).update(manifest).digest('hex')

/** Undefined where the folder holds no root key. Never makes one, unlike opening the keys would. */
const deriveFrom = (keysFolder: string): Derive | undefined => {
  const file = join(keysFolder, 'root.key')
  if (!existsSync(file)) return undefined
  const root = readFileSync(file)
  return (purpose) => deriveKey(root, purpose)
}

/** Whether the keys of this folder are those that a backup names. */
export const compareKeys = (keysFolder: string, keyCheck: string): 'same' | 'other' | 'missing' => {
  const derive = deriveFrom(keysFolder)
  if (!derive) return 'missing'
  return keyCheckOf(derive) === keyCheck ? 'same' : 'other'
}

export type SealVerdict = 'matches' | 'no-keys' | 'other-keys' | 'broken'

export const compareSeal = (
  keysFolder: string,
  keyCheck: string,
  manifest: Uint8Array,
  seal: string,
): SealVerdict => {
  const derive = deriveFrom(keysFolder)
  if (!derive) return 'no-keys'
  if (keyCheckOf(derive) !== keyCheck) return 'other-keys'
  const [ours, theirs] = [Buffer.from(sealOf(derive, manifest)), Buffer.from(seal)]
  return ours.length === theirs.length && timingSafeEqual(ours, theirs) ? 'matches' : 'broken'
}
