/** `fortnight pack`: asks for an audit pack, waits while it is built, and saves it. */
import { createHash } from 'node:crypto'
import { rename, rm, writeFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { auditPackRoutes, type AuditPackReply } from '../../contract/evidence/audit-packs.ts'
import { call, problemFrom } from '../shell/call.ts'
import { needConnection, type Connection } from '../shell/connection.ts'
import { CommandFault, usageFault, type Command, type Io } from '../shell/io.ts'
import { printable } from '../shell/table.ts'

const LOOK_EVERY_MS = 500
/** Recordings of a month over a slow line. */
const DOWNLOAD_PATIENCE_MS = 30 * 60_000

const options = {
  environment: { type: 'string', short: 'e', multiple: true },
  organisation: { type: 'boolean' },
  from: { type: 'string' },
  to: { type: 'string' },
  purpose: { type: 'string' },
  output: { type: 'string', short: 'o' },
} as const

/** A day means its beginning in UTC, as the log's own times; an instant with a zone is taken as it is. */
export const instantOf = (name: string, text: string | undefined): number => {
  if (text === undefined) throw usageFault(`Say --${name}, such as --${name} 2026-11-01.`)
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text)
  const zoned = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/.test(text)
  const at = day || zoned ? Date.parse(text) : Number.NaN
  // Date.parse takes the 31st of November for the 1st of December.
  if (Number.isNaN(at) || (day && new Date(at).toISOString().slice(0, 10) !== text))
    throw usageFault(
      `--${name} ${printable(text)} is no date. Write 2026-11-01, or 2026-11-01T08:00:00+01:00.`,
    )
  return at
}

const DAYS_WHEN_NOT_SAID = 31
const DAY_MS = 24 * 3_600_000

/** Half a period is a mistake; none at all means the last month. */
export const periodOf = (
  words: { readonly from?: string | undefined; readonly to?: string | undefined },
  now = Date.now(),
): { readonly from: number; readonly to: number } =>
  words.from === undefined && words.to === undefined
    ? { from: now - DAYS_WHEN_NOT_SAID * DAY_MS, to: now }
    : { from: instantOf('from', words.from), to: instantOf('to', words.to) }

type Asked = { readonly wanted: Parameters<typeof ask>[1]; readonly output: string }

const readWords = (argv: readonly string[]): Asked => {
  const { values } = parseArgs({ args: [...argv], options })
  const environments = values.environment ?? []
  const organisation = values.organisation === true
  if (organisation === environments.length > 0)
    throw usageFault('Name the environment: --environment acme-prod (or --organisation for its own log).')
  if (!values.output) throw usageFault('Say where to save it: -o pack.zip.')
  const { from, to } = periodOf(values)
  if (from >= to) throw usageFault('--from has to be before --to.')
  const purpose = values.purpose?.trim() || 'Asked for with fortnight pack'
  return {
    wanted: { from, to, purpose, ...(organisation ? { organisation: true as const } : { environments }) },
    output: values.output,
  }
}

const ask = (
  connection: Connection,
  wanted: {
    from: number
    to: number
    purpose: string
    environments?: string[]
    organisation?: true
  },
): Promise<AuditPackReply> => call(connection, auditPackRoutes.requestPack, wanted)

/** Each new step on a line of its own; whoever pipes gets the same. */
const waitFor = async (connection: Connection, packId: string, io: Io): Promise<AuditPackReply> => {
  let told: string | null = null
  for (;;) {
    const pack = await call(connection, auditPackRoutes.getPack, { packId })
    if (pack.status !== 'building') return pack
    if (pack.step !== told && pack.step !== null) io.err(`${pack.step} …`)
    told = pack.step
    await pause(LOOK_EVERY_MS)
  }
}

const failureOf = (pack: AuditPackReply): CommandFault => {
  const { failure } = pack
  const findings = (failure?.findings ?? []).map((finding) => `\n  ${printable(finding)}`).join('')
  return new CommandFault(`There is no pack. ${failure?.detail ?? 'The server does not say why.'}${findings}`)
}

const download = async (connection: Connection, pack: AuditPackReply): Promise<Uint8Array> => {
  if (pack.downloadUrl === null) throw new CommandFault('You may look at this pack, but not take it away.')
  const response = await fetch(`${connection.url}${pack.downloadUrl}`, {
    headers: { authorization: `Bearer ${connection.token}`, 'user-agent': 'fortnight-cli/0.1' },
    signal: AbortSignal.timeout(DOWNLOAD_PATIENCE_MS),
  }).catch((error: Error) => {
    throw new CommandFault(`${connection.url} does not answer (${error.message}). Nothing was saved.`)
  })
  if (!response.ok) throw await problemFrom(response)
  const bytes = new Uint8Array(await response.arrayBuffer())
  if (createHash('sha256').update(bytes).digest('hex') !== pack.sha256)
    throw new CommandFault('The pack did not arrive whole. Nothing was saved; try again.')
  return bytes
}

/** Beside, then renamed: a full disk leaves no half of a pack under its name. */
const save = async (output: string, bytes: Uint8Array): Promise<void> => {
  const draft = `${output}.part`
  try {
    await writeFile(draft, bytes, { mode: 0o600 })
    await rename(draft, output)
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined)
    throw new CommandFault(`${output} cannot be written: ${(error as Error).message}.`)
  }
}

const run = async (argv: readonly string[], io: Io): Promise<number> => {
  const { wanted, output } = readWords(argv)
  const connection = needConnection(io.env)
  const asked = await ask(connection, wanted)
  const pack = await waitFor(connection, asked.id, io)
  if (pack.status !== 'ready') throw failureOf(pack)
  const bytes = await download(connection, pack)
  await save(output, bytes)
  io.out(`${output}: ${pack.entries} entries, ${bytes.length} bytes, sha256 ${pack.sha256}`)
  io.err(`Check it with: fortnight verify ${output} --policy keys.txt`)
  io.err(
    `The keys are at ${connection.url}/evidence/keys.txt, asked with your token; an auditor takes them from the contract instead.`,
  )
  return 0
}

export const packCommand: Command = {
  usage:
    'fortnight pack --environment acme-prod [--from 2026-11-01 --to 2026-12-01] -o pack.zip [--purpose "…"]',
  about:
    'Make an audit pack of everything recorded in a period (by default the last 31 days), and save it. Days are UTC, --to is not included.',
  run,
}
