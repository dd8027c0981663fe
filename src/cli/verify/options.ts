/** The words after `fortnight verify`. */

export type VerifyOptions = {
  readonly pack: string
  readonly policy?: string
  /** Files with checkpoints the auditor kept. */
  readonly since: readonly string[]
  readonly json: boolean
  readonly maxUnpackedMib: number
}

export const VERIFY_USAGE =
  'fortnight verify pack.zip [--policy keys.txt] [--since kept.note]… [--json] [--max-unpacked MiB]'

export const VERIFY_HELP = `Usage: ${VERIFY_USAGE}

Checks an audit pack offline: nothing is asked of any server, nothing is unpacked to disk.

  --policy FILE        whose signatures count (log, pack and witness keys); from your contract, not from the pack
  --since FILE         a checkpoint you kept from an earlier pack or mail; may be given several times
  --json               the whole judgement, field by field, as JSON
  --max-unpacked MiB   how much the pack may unpack to in memory (1024)

Exit: 0 verified · 1 tampered · 2 incomplete, or signer not trusted · 3 wrong usage
The format, and how to check it without this program: docs/audit-pack.md`

const DEFAULT_MAX_UNPACKED_MIB = 1024

/** A string says what is wrong with the words. */
export function parseVerifyOptions(argv: readonly string[]): VerifyOptions | string {
  const packs: string[] = []
  const policies: string[] = []
  const since: string[] = []
  let json = false
  let maxUnpackedMib = DEFAULT_MAX_UNPACKED_MIB
  for (let i = 0; i < argv.length; i++) {
    const [word, inline] = splitOption(argv[i]!)
    if (word === '--json' && inline === undefined) {
      json = true
    } else if (word === '--policy' || word === '--since' || word === '--max-unpacked') {
      const value = inline ?? argv[++i]
      if (value === undefined || value === '') return `${word} needs a value`
      if (word === '--policy') policies.push(value)
      else if (word === '--since') since.push(value)
      else if (/^[1-9][0-9]{0,5}$/.test(value)) maxUnpackedMib = Number(value)
      else return '--max-unpacked is a number of MiB'
    } else if (word.startsWith('-')) {
      return `unknown option ${word}`
    } else {
      packs.push(word)
    }
  }
  const [pack, ...others] = packs
  const [policy, ...otherPolicies] = policies
  if (pack === undefined || others.length > 0) return 'one pack is verified at a time'
  if (otherPolicies.length > 0) return 'one policy says whom you trust'
  return { pack, since, json, maxUnpackedMib, ...(policy === undefined ? {} : { policy }) }
}

function splitOption(word: string): readonly [string, string | undefined] {
  const at = word.indexOf('=')
  return word.startsWith('--') && at > 0 ? [word.slice(0, at), word.slice(at + 1)] : [word, undefined]
}
