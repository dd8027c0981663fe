/** `fortnight import opsgenie`: an account of OpsGenie as a document for `fortnight apply`, with a report on every field. */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { importOpsGenie, type OpsGenieImport } from '../../../domain/compat/opsgenie/import-opsgenie.ts'
import { CommandFault, usageFault, type Command, type Io } from '../../shell/io.ts'
import { jsonText } from '../../shell/printable.ts'
import { readFolder } from './read-folder.ts'
import { reportLines } from './report-lines.ts'

const USAGE = 'fortnight import opsgenie FOLDER [-o team.yaml] [--report report.json]'

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

const run = async (argv: readonly string[], io: Io): Promise<number> => {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { output: { type: 'string', short: 'o' }, report: { type: 'string' } },
  })
  const [system, folder, ...more] = positionals
  if (system !== 'opsgenie')
    throw usageFault('Say from where: `fortnight import opsgenie`. Nothing else is read yet.')
  if (folder === undefined || more.length > 0) throw usageFault('Name one folder: that of the backup.')
  const { files, ignored } = readFolder(folder)
  const done = importOpsGenie(files, Date.now())
  for (const line of reportLines(done, io.columns)) io.out(line)
  for (const path of ignored) io.err(`Not read, for it is no JSON file: ${path}`)
  if (values.report !== undefined) {
    const { document: _, ...report } = done
    write(values.report, `${jsonText({ ...report, ignored })}\n`)
    io.out(`Every field stands in ${values.report}.`)
  }
  if (values.output === undefined) io.out('Nothing was written: -o team.yaml writes the document.')
  else await writeDocument(values.output, done, io)
  return 0
}

export const importCommand: Command = {
  usage: USAGE,
  about:
    'Turn a backup of an OpsGenie account into a document for `fortnight apply`, with a report on every field.',
  run,
}
