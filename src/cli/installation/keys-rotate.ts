/** `fortnight keys-rotate`: gives the ledger a new key. Runs on the server's machine; the server takes it up when it starts. */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hash,
  sign,
  type KeyObject,
} from 'node:crypto'
import { open, readFile, rename } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import {
  base64Of,
  formatNote,
  ROTATION_KEY_NAME,
  rotationText,
  SIGNATURE,
  signNote,
  verifierKeyOf,
  type NoteSignature,
} from '../../domain/evidence/ledger/index.ts'
import { CommandFault, usageFault, type Command, type Io } from '../shell/io.ts'
import { diskFault, keysFolder } from './places.ts'

const USAGE = 'fortnight keys-rotate --reason TEXT [--keys FOLDER]'

type Rotations = { readonly v: 1; readonly rotations: readonly { statement: string; reason: string }[] }

const sha256 = (bytes: Uint8Array): Uint8Array => hash('sha256', bytes, 'buffer')
/** What stands before the raw 32 bytes in the DER of an Ed25519 public key (RFC 8410). */
const SPKI_PREFIX_BYTES = 12
const NO_SEED = new Uint8Array(32)

const rawPublicKey = (key: KeyObject): Uint8Array =>
  new Uint8Array(createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(SPKI_PREFIX_BYTES))

const signatureBy = (key: KeyObject, text: string): NoteSignature => {
  const { id } = verifierKeyOf(ROTATION_KEY_NAME, SIGNATURE, rawPublicKey(key), sha256)
  const about = { name: ROTATION_KEY_NAME, id, type: SIGNATURE, seed: NO_SEED } as const
  return signNote(text, about, (_seed, message) => new Uint8Array(sign(null, message, key)))
}

const readKey = async (file: string): Promise<KeyObject> => {
  const pem = await readFile(file).catch(() => {
    throw new CommandFault(
      `There is no ${file}. Run this on the machine that holds the ledger key, with its FORTNIGHT_KEYS or --keys.`,
    )
  })
  try {
    const key = createPrivateKey(pem)
    if (key.asymmetricKeyType === 'ed25519') return key
  } catch {
    // Said below.
  }
  throw new CommandFault(`${file} is no ledger key. Nothing was changed.`)
}

const readRotations = async (file: string): Promise<Rotations> => {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return { v: 1, rotations: [] }
  try {
    const content = JSON.parse(text) as Rotations
    if (content.v === 1 && Array.isArray(content.rotations)) return content
  } catch {
    // Said below.
  }
  throw new CommandFault(`${file} is damaged. Restore it from the key backup; nothing was changed.`)
}

/** Written beside, flushed, renamed: the old file or the new one, whole. */
const replaceFile = async (file: string, content: string): Promise<void> => {
  const draft = `${file}.${process.pid}`
  try {
    const handle = await open(draft, 'w', 0o600)
    try {
      await handle.writeFile(content)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(draft, file)
  } catch (error) {
    throw diskFault(file, error)
  }
}

const run = async (argv: readonly string[], io: Io): Promise<number> => {
  const { values } = parseArgs({
    args: [...argv],
    options: { reason: { type: 'string' }, keys: { type: 'string' } },
  })
  if (!values.reason?.trim()) throw usageFault('Say with --reason why the key is replaced; it is recorded.')
  const folder = resolve(values.keys ?? keysFolder(io.env))
  const keyFile = join(folder, 'ledger.key')
  const rotationsFile = join(folder, 'ledger-rotations.json')
  const old = await readKey(keyFile)
  const { rotations } = await readRotations(rotationsFile)
  const { privateKey: next } = generateKeyPairSync('ed25519')
  const [oldPublic, nextPublic] = [rawPublicKey(old), rawPublicKey(next)]
  const text = rotationText({ old: oldPublic, next: nextPublic, at: new Date().toISOString() })
  const statement = formatNote({ text, signatures: [signatureBy(old, text), signatureBy(next, text)] })
  // The statement first: one whose key never came into force leads nowhere, a key without one is nobody's.
  const content: Rotations = { v: 1, rotations: [...rotations, { statement, reason: values.reason.trim() }] }
  await replaceFile(rotationsFile, `${JSON.stringify(content, null, 1)}\n`)
  await replaceFile(keyFile, next.export({ type: 'pkcs8', format: 'pem' }) as string)
  io.out(
    `${keyFile} is a new key (${base64Of(nextPublic)}); the one before is gone (${base64Of(oldPublic)}).`,
  )
  io.out('Now: 1. restart the server and every process that holds the ledger key (copy the folder to them);')
  io.out('     2. make a new `fortnight keys-backup`, and destroy older ones if the key was stolen;')
  io.out(
    '     3. hand the new lines of /evidence/keys.txt to whoever verifies; the old ones stay for older packs.',
  )
  return 0
}

export const keysRotate: Command = {
  usage: USAGE,
  about: 'Give the ledger a new signing key; both keys sign the hand-over',
  run,
}
