/** `fortnight apply` and `fortnight export`: the team as one YAML document in git. */
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { configurationRoutes } from '../../contract/people/configuration.ts'
import { call } from '../shell/call.ts'
import { needConnection } from '../shell/connection.ts'
import { CommandFault, usageFault, type Command, type Io } from '../shell/io.ts'
import { readStdin } from '../shell/prompt.ts'
import { printable } from '../shell/printable.ts'

type Change = {
  kind: string
  name: string
  action: string
  fields: { field: string; from?: unknown; to?: unknown }[]
}

const SIGNS: Readonly<Record<string, string>> = {
  create: '+',
  update: '~',
  delete: '-',
  archive: '-',
  restore: '+',
}
const shown = (value: unknown): string =>
  value === undefined || value === null ? '(nothing)' : printable(JSON.stringify(value))

const describe = (change: Change): string[] => [
  `${SIGNS[change.action] ?? '~'} ${change.kind} ${printable(change.name)}: ${change.action}`,
  ...change.fields.map(({ field, from, to }) =>
    change.action === 'create' ? `    ${field}: ${shown(to)}` : `    ${field}: ${shown(from)} → ${shown(to)}`,
  ),
]

const readDocument = async (file: string): Promise<string> => {
  if (file === '-') return readStdin()
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new CommandFault(`${file} cannot be read: ${(error as Error).message}`)
  }
}

const apply = async (argv: readonly string[], io: Io): Promise<number> => {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      file: { type: 'string', short: 'f' },
      'dry-run': { type: 'boolean' },
      prune: { type: 'boolean' },
    },
  })
  if (!values.file) throw usageFault('Name the document: -f team.yaml (or - for standard input).')
  const input = {
    document: await readDocument(values.file),
    dryRun: values['dry-run'] ?? false,
    prune: values.prune ?? false,
  }
  const { changes, applied } = await call(
    needConnection(io.env),
    configurationRoutes.applyConfiguration,
    input,
  )
  for (const change of changes) describe(change as Change).forEach(io.out)
  if (changes.length === 0) io.out('Nothing to change: the installation is as the document says.')
  else
    io.out(
      applied
        ? `${changes.length} change(s) applied.`
        : `${changes.length} change(s) would be made. Nothing was changed.`,
    )
  return 0
}

export const applyCommand: Command = {
  usage: 'fortnight apply -f team.yaml [--dry-run] [--prune]',
  about:
    'Make the installation as a document says, wholly or not at all; --prune archives what the document does not name.',
  run: apply,
}

export const exportCommand: Command = {
  usage: 'fortnight export [-o team.yaml]',
  about: 'Write the configuration as YAML, in a fixed order and without secrets.',
  run: async (argv, io) => {
    const { values } = parseArgs({ args: [...argv], options: { output: { type: 'string', short: 'o' } } })
    const { document } = await call(needConnection(io.env), configurationRoutes.exportConfiguration, {})
    if (values.output) {
      writeFileSync(values.output, document)
      io.out(`Written to ${values.output}.`)
    } else (io.exact ?? io.out)(document.trimEnd())
    return 0
  },
}
