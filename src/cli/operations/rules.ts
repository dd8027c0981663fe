/** `fortnight rules`: imports files of Prometheus rules, or only says what is wrong with them; made for CI. */
import { readFileSync, statSync } from 'node:fs'
import { relative } from 'node:path'
import { parseArgs } from 'node:util'
import { alertRuleRoutes } from '../../contract/operations/alert-rules.ts'
import type { ReplyOf } from '../../contract/route.ts'
import { call } from '../shell/call.ts'
import { needConnection } from '../shell/connection.ts'
import { CommandFault, usageFault, type Command, type Io } from '../shell/io.ts'
import { jsonText, printable } from '../shell/printable.ts'

type Reply = ReplyOf<typeof alertRuleRoutes.putRuleSet>

const options = {
  set: { type: 'string' },
  environment: { type: 'string', multiple: true },
  every: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  strict: { type: 'boolean' },
  json: { type: 'boolean' },
} as const

const LARGEST_FILE = 512 * 1024

const readRuleFile = (path: string): { name: string; text: string } => {
  try {
    if (statSync(path).size > LARGEST_FILE) throw new CommandFault(`${path} is larger than 512 KiB.`)
    // As it is called where it is kept: findings are looked for there.
    return { name: relative('.', path) || path, text: readFileSync(path, 'utf8') }
  } catch (error) {
    if (error instanceof CommandFault) throw error
    throw new CommandFault(`${path} cannot be read: ${(error as Error).message}`)
  }
}

const print = (io: Io, reply: Reply): void => {
  for (const { file, line, detail } of reply.unread)
    io.out(`${printable(file)}:${line}: not read: ${printable(detail)}`)
  for (const { file, line, name, severity, detail } of reply.findings)
    io.out(`${printable(file)}:${line}: ${severity}: ${printable(name)}: ${printable(detail)}`)
  if (reply.findings.length < reply.findingsTotal)
    io.out(`and ${reply.findingsTotal - reply.findings.length} findings more`)
  const recording = reply.recording > 0 ? `, ${reply.recording} that only record` : ''
  io.out(
    `${reply.rules} alerting rules${recording}; ${reply.red} red and ${reply.amber} amber findings. ${
      reply.stored ? 'Imported.' : 'Nothing was stored.'
    }`,
  )
}

export const rulesCommand: Command = {
  usage: 'fortnight rules FILE… --set name (--environment slug … | --every) [--dry-run] [--strict] [--json]',
  about:
    'Import Prometheus rules (also PrometheusRule objects and Helm templates) and say what is wrong with them; --strict ends with 1 on what is red or not read.',
  run: async (argv, io) => {
    const { positionals, values } = parseArgs({ args: [...argv], options, allowPositionals: true })
    if (positionals.length === 0) throw usageFault('Name the files of rules.')
    if (!values.set) throw usageFault('Name the set that they make: --set platform.')
    if ((values.environment === undefined) === (values.every === undefined))
      throw usageFault('Say for which environments: --environment acme-prod (several times), or --every.')
    const reply = await call(needConnection(io.env), alertRuleRoutes.putRuleSet, {
      name: values.set,
      files: positionals.map(readRuleFile),
      environments: values.environment ?? null,
      dryRun: values['dry-run'] ?? false,
    })
    if (values.json) io.out(jsonText(reply))
    else print(io, reply)
    const refused = !reply.stored && !values['dry-run']
    return refused || (values.strict && (reply.red > 0 || reply.unread.length > 0)) ? 1 : 0
  },
}
