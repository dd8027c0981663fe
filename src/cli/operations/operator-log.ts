/** `fortnight log` and `fortnight attach`: reading the Operator Log, writing an entry by hand, and laying files beside one. */
import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { logCategory, operatorLogRoutes } from '../../contract/operations/operator-log.ts'
import type { ReplyOf } from '../../contract/route.ts'
import { call, callWithBytes } from '../shell/call.ts'
import { needConnection, type Connection } from '../shell/connection.ts'
import { CommandFault, usageFault, type Command, type Io } from '../shell/io.ts'
import { jsonText } from '../shell/printable.ts'
import { table } from '../shell/table.ts'

type Entry = ReplyOf<typeof operatorLogRoutes.getLogEntry>
type Row = ReplyOf<typeof operatorLogRoutes.listLogEntries>['rows'][number]
type Attachment = { readonly fileName: string; readonly bytes: Uint8Array }

/** The server's own limit: better said before a large file has crossed a slow line. */
const MOST_BYTES = operatorLogRoutes.attachFile.bodyLimit
const A_PAGE = 200
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-/

const nameOf = ({ environment, number }: Pick<Row, 'environment' | 'number'>): string =>
  `${environment.slug}/${number}`

const categoryOf = (given: string | undefined) => {
  if (given === undefined) return undefined
  const known = logCategory.safeParse(given)
  if (known.success) return known.data
  throw usageFault(`--category is one of ${logCategory.options.join(', ')}.`)
}

/** `acme-prod/L-12`, `L-12` with --environment, or the id. */
const findEntry = async (connection: Connection, given: string, environment?: string): Promise<string> => {
  if (UUID.test(given)) return given
  const [slug, number] = given.includes('/') ? given.split('/', 2) : [environment, given]
  if (!slug) throw usageFault(`Name the entry with its environment: acme-prod/${given}.`)
  let after: string | undefined
  do {
    const { rows, next }: ReplyOf<typeof operatorLogRoutes.listLogEntries> = await call(
      connection,
      operatorLogRoutes.listLogEntries,
      { environment: slug, limit: A_PAGE, ...(after ? { after } : {}) },
    )
    const found = rows.find((row) => row.number.toLowerCase() === number?.toLowerCase())
    if (found) return found.id
    after = next ?? undefined
  } while (after)
  throw new CommandFault(
    `There is no entry ${slug}/${number}. \`fortnight log -e ${slug}\` lists what there is.`,
  )
}

const tooLarge = (fileName: string): CommandFault =>
  new CommandFault(
    `${fileName} is larger than ${MOST_BYTES / 2 ** 20} MiB. Compress it, or attach the part that matters.`,
  )

/** `-` reads what is piped in, under the name that --name gives. */
const readAttachment = async (path: string, name: string | undefined): Promise<Attachment> => {
  const fileName = name ?? (path === '-' ? 'shell.txt' : basename(path))
  if (path === '-') {
    const bytes = await buffer(process.stdin)
    if (bytes.length > MOST_BYTES) throw tooLarge(fileName)
    return { fileName, bytes }
  }
  try {
    const { size } = await stat(path)
    if (size > MOST_BYTES) throw tooLarge(fileName)
    return { fileName, bytes: await readFile(path) }
  } catch (error) {
    if (error instanceof CommandFault) throw error
    throw new CommandFault(`${path} cannot be read: ${(error as Error).message}. Nothing was attached.`)
  }
}

/** All are read before the first is sent: a name typed wrongly attaches nothing. */
const readAll = (paths: readonly string[], name?: string): Promise<Attachment[]> => {
  if (name !== undefined && paths.length > 1) throw usageFault('--name is for one file.')
  return Promise.all(paths.map((path) => readAttachment(path, name)))
}

const attachAll = async (
  connection: Connection,
  entryId: string,
  attachments: readonly Attachment[],
  io: Io,
): Promise<void> => {
  for (const { fileName, bytes } of attachments) {
    const entry: Entry = await callWithBytes(
      connection,
      operatorLogRoutes.attachFile,
      { entryId, fileName },
      bytes,
    )
    io.out(`${nameOf(entry)}: ${fileName}, ${bytes.length} bytes, is attached.`)
  }
}

export const attachCommand: Command = {
  usage: 'fortnight attach acme-prod/L-12 FILE… | - [--name shell.txt]',
  about: 'Attach files or a plain-text shell dump to an Operator Log entry; - reads what is piped in.',
  run: async (argv, io) => {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { environment: { type: 'string', short: 'e' }, name: { type: 'string' } },
    })
    const [entry, ...paths] = positionals
    if (!entry || paths.length === 0) throw usageFault('Say the entry and at least one file.')
    const connection = needConnection(io.env)
    const attachments = await readAll(paths, values.name)
    await attachAll(connection, await findEntry(connection, entry, values.environment), attachments, io)
    return 0
  },
}

const options = {
  environment: { type: 'string', short: 'e' },
  category: { type: 'string' },
  search: { type: 'string' },
  json: { type: 'boolean' },
  what: { type: 'string' },
  summary: { type: 'string' },
  tooling: { type: 'string' },
  link: { type: 'string', multiple: true },
  attach: { type: 'string', multiple: true },
} as const

const read = (argv: readonly string[]) => parseArgs({ args: [...argv], options, allowPositionals: true })
type Words = ReturnType<typeof read>['values']

const write = async (connection: Connection, values: Words, io: Io): Promise<number> => {
  const { environment, what, summary } = values
  if (!environment || !what || !summary)
    throw usageFault('An entry needs --environment, --what and --summary.')
  const attachments = await readAll(values.attach ?? [])
  const entry = await call(connection, operatorLogRoutes.writeLogEntry, {
    environment,
    category: categoryOf(values.category) ?? 'change',
    what,
    summary,
    ...(values.tooling ? { tooling: values.tooling } : {}),
    ...(values.link ? { links: values.link } : {}),
  })
  io.out(`${nameOf(entry)} is written: ${entry.what}`)
  await attachAll(connection, entry.id, attachments, io)
  return 0
}

const show = (entry: Entry, io: Io): void => {
  io.out(`${nameOf(entry)}  ${entry.what}`)
  io.out(`${entry.category}, ${new Date(entry.at).toISOString()}, ${entry.author.name}`)
  if (entry.decision) io.out(`under ${entry.environment.slug}/${entry.decision.number}`)
  if (entry.summary) io.out(`\n${entry.summary}`)
  if (entry.tooling) io.out(`\nWith: ${entry.tooling}`)
  for (const link of entry.links) io.out(`Link: ${link}`)
  for (const { fileName, size } of entry.attachments) io.out(`Attached: ${fileName}, ${size} bytes`)
}

const list = async (connection: Connection, values: Words, io: Io): Promise<number> => {
  const category = categoryOf(values.category)
  const { rows } = await call(connection, operatorLogRoutes.listLogEntries, {
    limit: 50,
    ...(values.environment ? { environment: values.environment } : {}),
    ...(category ? { category } : {}),
    ...(values.search ? { search: values.search } : {}),
  })
  if (values.json) io.out(jsonText(rows))
  else if (rows.length === 0)
    io.out('No entry is here. `fortnight record` makes one of a shell, `fortnight log --what …` by hand.')
  else
    table(
      ['ENTRY', 'KIND', 'DATE', 'BY', 'WHAT'],
      rows.map((row) => [
        nameOf(row),
        row.category,
        new Date(row.at).toISOString().slice(0, 10),
        row.author.name,
        row.what,
      ]),
      io.columns,
    ).forEach(io.out)
  return 0
}

export const logCommand: Command = {
  usage:
    'fortnight log [acme-prod/L-12] [--environment acme-prod] [--category change] [--search …] [--json]\n' +
    '       fortnight log --environment acme-prod --what … --summary … [--tooling …] [--link …] [--attach FILE]…',
  about:
    'List the Operator Log or show one entry; with --what write an entry for work that was not recorded.',
  run: async (argv, io) => {
    const { values, positionals } = read(argv)
    const connection = needConnection(io.env)
    if (values.what !== undefined) return write(connection, values, io)
    const [given] = positionals
    if (given === undefined) return list(connection, values, io)
    const entryId = await findEntry(connection, given, values.environment)
    const entry = await call(connection, operatorLogRoutes.getLogEntry, { entryId })
    if (values.json) io.out(jsonText(entry))
    else show(entry, io)
    return 0
  },
}
