/** `fortnight import opsgenie`: an account of OpsGenie as a document for `fortnight apply`, with a report on every field. */
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { importOpsGenie, type OpsGenieImport } from '../../../domain/compat/opsgenie/import-opsgenie.ts'
import { CommandFault, usageFault, type Command, type Io } from '../../shell/io.ts'
import { jsonText } from '../../shell/printable.ts'
import { askOpsGenie, checkedUrl } from './live/ask-opsgenie.ts'
import { checkFree, keepAccount } from './live/keep-account.ts'
import { readAccount } from './live/read-account.ts'
import { readFolder } from './read-folder.ts'
import { reportLines } from './report-lines.ts'

const USAGE =
  'fortnight import opsgenie FOLDER [--url https://api.opsgenie.com --key-file FILE] [-o team.yaml] [--report report.json]'

/** What `fortnight apply` takes. */
const LARGEST_DOCUMENT = 1024 * 1024
/** One list of a document. */
const MOST_ENTRIES = 5_000

const write = (file: string, text: string): void => {
  try {
    writeFileSync(file, text)
  } catch (error) {
    throw new CommandFault(`${file} cannot be written: ${(error as Error).message}`)
  }
}

const writeDocument = async (file: string, { document }: OpsGenieImport, io: Io): Promise<void> => {
  const { stringify } = await import('yaml')
  const text = stringify(document, { lineWidth: 0, aliasDuplicateObjects: false })
  write(file, text)
  io.out(`Written to ${file}. See what it would do: fortnight apply -f ${file} --dry-run`)
  const { accounts, teams, schedules, escalationPolicies } = document
  const longest = Math.max(...[accounts, teams, schedules, escalationPolicies].map(({ length }) => length))
  if (text.length > LARGEST_DOCUMENT || longest > MOST_ENTRIES)
    io.err(
      `${file} is too large to be applied at once (1 MB, ${MOST_ENTRIES} of a kind): apply its lists one after the other, accounts first.`,
    )
}

const keyIn = (file: string): string => {
  let key: string
  try {
    key = readFileSync(file, 'utf8').trim()
  } catch (error) {
    throw new CommandFault(`${file} cannot be read: ${(error as Error).message}`)
  }
  // Anything else would be a broken header, and the error would show it.
  if (!/^[\x21-\x7e]{1,200}$/.test(key))
    throw new CommandFault(`${file} should hold one key and nothing else.`)
  return key
}

/** The account as it is now goes into the folder first, so that it is kept whatever becomes of the account. */
const readLive = async (
  folder: string,
  { url, keyFile }: { url: string | undefined; keyFile: string | undefined },
  io: Io,
): Promise<readonly string[]> => {
  if (url === undefined && keyFile === undefined) return []
  if (url === undefined || keyFile === undefined)
    throw usageFault('An account is read with both: --url and --key-file.')
  checkFree(folder)
  const ask = askOpsGenie({ url: checkedUrl(url), key: keyIn(keyFile) })
  const { files, unread } = await readAccount(ask, io.err)
  keepAccount(folder, files)
  io.err(`The account is kept in ${folder}; keys and telephone numbers are in it.`)
  for (const what of unread) io.err(`Not read: ${what}.`)
  return unread
}

const run = async (argv: readonly string[], io: Io): Promise<number> => {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      output: { type: 'string', short: 'o' },
      report: { type: 'string' },
      url: { type: 'string' },
      'key-file': { type: 'string' },
    },
  })
  const [system, folder, ...more] = positionals
  if (system !== 'opsgenie')
    throw usageFault('Say from where: `fortnight import opsgenie`. Nothing else is read yet.')
  if (folder === undefined || more.length > 0)
    throw usageFault('Name one folder: that of the backup, or a new one with --url.')
  const unread = await readLive(folder, { url: values.url, keyFile: values['key-file'] }, io)
  const { files, ignored } = readFolder(folder)
  const done = importOpsGenie(files, Date.now())
  for (const line of reportLines(done, io.columns)) io.out(line)
  for (const path of ignored) io.err(`Not read, for it is no JSON file: ${path}`)
  if (values.report !== undefined) {
    const { document: _, ...report } = done
    write(values.report, `${jsonText({ ...report, ignored, unread })}\n`)
    io.out(`Every field stands in ${values.report}.`)
  }
  if (values.output === undefined) io.out('Nothing was written: -o team.yaml writes the document.')
  else await writeDocument(values.output, done, io)
  return 0
}

export const importCommand: Command = {
  usage: USAGE,
  about:
    'Turn an OpsGenie account, or a backup of one, into a document for `fortnight apply`, with a report on every field.',
  run,
}
