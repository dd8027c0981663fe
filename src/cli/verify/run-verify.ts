/** `fortnight verify`: reads a pack and says what is proved, what is not, and whether anything contradicts. */

import { readFile } from 'node:fs/promises'
import { parsePolicy, verifyPack } from '../../domain/evidence/audit-packs/index.ts'
import type { Policy, Verdict } from '../../domain/evidence/audit-packs/index.ts'
import { isRefusal } from '../../domain/refusal.ts'
import { nodeCrypto } from './node-crypto.ts'
import { parseVerifyOptions, VERIFY_HELP, VERIFY_USAGE } from './options.ts'
import type { VerifyOptions } from './options.ts'
import { reportOf } from './report.ts'
import { visible } from './visible.ts'
import { readZip } from './zip-read.ts'

export type VerifyIo = {
  readonly out: (line: string) => void
  readonly err: (line: string) => void
  /** Rejects when there is no such file. */
  readonly readFile?: (path: string) => Promise<Uint8Array>
}

export const VERIFIED = 0
export const TAMPERED = 1
export const NOT_ESTABLISHED = 2
export const WRONG_USAGE = 3

const EXIT_CODES = { ok: VERIFIED, tampered: TAMPERED, incomplete: NOT_ESTABLISHED } as const

/** What the auditor brought; a string says which of it cannot be used. */
type Given = { readonly zip: Uint8Array; readonly policy?: Policy; readonly held: readonly string[] }

export async function runVerify(argv: readonly string[], io: VerifyIo): Promise<number> {
  if (argv.includes('--help') || argv.includes('-h')) {
    io.out(VERIFY_HELP)
    return VERIFIED
  }
  const options = parseVerifyOptions(argv)
  if (typeof options === 'string') {
    io.err(`${options}\nUsage: ${VERIFY_USAGE}`)
    return WRONG_USAGE
  }
  const given = await readGiven(options, io.readFile ?? readFile)
  if (typeof given === 'string') {
    io.err(given)
    return WRONG_USAGE
  }
  const zip = readZip(given.zip, options.maxUnpackedMib * 1024 * 1024)
  if ('kind' in zip) {
    const isUnlawful = zip.kind === 'unlawful'
    const headline = isUnlawful
      ? 'TAMPERED. The zip is not one a pack may be'
      : 'NOT ESTABLISHED. Nothing was checked'
    if (options.json)
      io.out(JSON.stringify({ outcome: isUnlawful ? 'tampered' : 'incomplete', zip }, undefined, 2))
    else io.out(`${headline}: ${visible(zip.detail)}.`)
    return isUnlawful ? TAMPERED : NOT_ESTABLISHED
  }
  const verdict = verifyPack(zip.files, given.policy, nodeCrypto, given.held)
  io.out(options.json ? jsonOf(verdict) : reportOf(verdict))
  return EXIT_CODES[verdict.outcome]
}

async function readGiven(
  options: VerifyOptions,
  read: (path: string) => Promise<Uint8Array>,
): Promise<Given | string> {
  let at = options.pack
  try {
    const zip = await read(at)
    const held: string[] = []
    for (const path of options.since) {
      at = path
      held.push(Buffer.from(await read(path)).toString('utf8'))
    }
    if (options.policy === undefined) return { zip, held }
    at = options.policy
    const policy = parsePolicy(Buffer.from(await read(at)).toString('utf8'), nodeCrypto.sha256)
    return isRefusal(policy) ? `${visible(at)}: ${policy.detail}` : { zip, held, policy }
  } catch (error) {
    return `${visible(at)} cannot be read (${(error as { code?: string }).code ?? (error as Error).message})`
  }
}

const jsonOf = (verdict: Verdict): string => JSON.stringify(verdict, undefined, 2)
