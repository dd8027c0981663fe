/** `fortnight import opsgenie`: an account of OpsGenie as a document for `fortnight apply`, with a report on every field. */
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { importOpsGenie, type OpsGenieImport } from '../../../domain/compat/opsgenie/import-opsgenie.ts'
import type { TeamEnvironment } from '../../../domain/compat/opsgenie/team-environments.ts'
import { CommandFault, usageFault, type Command, type Io } from '../../shell/io.ts'
import { jsonText, printable } from '../../shell/printable.ts'
import { askOpsGenie, checkedUrl } from './live/ask-opsgenie.ts'
import { checkFree, keepAccount } from './live/keep-account.ts'
import { readAccount } from './live/read-account.ts'
import { readFolder } from './read-folder.ts'
import { reportLines } from './report-lines.ts'

const USAGE =
  'fortnight import opsgenie FOLDER [--url https://api.opsgenie.com --key-file FILE] [--environment TEAM=slug]… [-o team.yaml] [--after after.sh] [--report report.json]'

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
  const { version: _, ...lists } = document
  const longest = Math.max(...Object.values(lists).map(({ length }) => length))
  if (text.length > LARGEST_DOCUMENT || longest > MOST_ENTRIES)
    io.err(
      `${file} is too large to be applied at once (1 MB, ${MOST_ENTRIES} of a kind): apply its lists one after the other, accounts first.`,
    )
}

/** Duty of certain days: each command is of words that no shell reads otherwise. */
const writeAfterwards = (file: string, { afterwards }: OpsGenieImport, io: Io): void => {
  const lines = afterwards.map((words) => `fortnight ${words.join(' ')}`)
  write(file, ['#!/bin/sh', '# Once: each run adds them again.', 'set -eu', ...lines, ''].join('\n'))
  io.out(`Written to ${file}. After the document was applied: sh ${file}`)
}

const SLUG = /^[a-z0-9][a-z0-9-]{0,62}$/
const MOST_ENVIRONMENTS = 100

/** `Team name=environment`, or the environment alone for what belongs to no team. */
const environmentsIn = (given: readonly string[]): TeamEnvironment[] => {
  const teams = new Map<string, string>()
  const named = given.map((text) => {
    const split = text.lastIndexOf('=')
    const environment = text.slice(split + 1)
    const team = split === -1 ? null : text.slice(0, split).trim()
    if (!SLUG.test(environment) || team === '')
      throw usageFault('Say --environment "Team name=environment", the environment by its slug.')
    if (team === null) return { team, environment }
    const key = team.toLowerCase()
    if ((teams.get(environment) ?? key) !== key)
      throw usageFault(
        `${environment} is named for two teams: alerts of an environment follow the rules of one.`,
      )
    teams.set(environment, key)
    return { team, environment }
  })
  if (named.length > MOST_ENVIRONMENTS)
    throw usageFault(`At most ${MOST_ENVIRONMENTS} environments are named.`)
  return named
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
      after: { type: 'string' },
      report: { type: 'string' },
      environment: { type: 'string', multiple: true },
      url: { type: 'string' },
      'key-file': { type: 'string' },
    },
  })
  const [system, folder, ...more] = positionals
  if (system !== 'opsgenie')
    throw usageFault('Say from where: `fortnight import opsgenie`. Nothing else is read yet.')
  if (folder === undefined || more.length > 0)
    throw usageFault('Name one folder: that of the backup, or a new one with --url.')
  const environments = environmentsIn(values.environment ?? [])
  const unread = await readLive(folder, { url: values.url, keyFile: values['key-file'] }, io)
  const { files, ignored } = readFolder(folder)
  const done = importOpsGenie(files, Date.now(), environments)
  if (done.unknownTeams.length > 0)
    throw new CommandFault(
      `The account has no team ${done.unknownTeams.map(printable).join(', ')}, or it was refused. Nothing was imported.`,
    )
  for (const line of reportLines(done, io.columns)) io.out(line)
  for (const path of ignored) io.err(`Not read, for it is no JSON file: ${path}`)
  if (values.report !== undefined) {
    const { document: _, ...report } = done
    write(values.report, `${jsonText({ ...report, ignored, unread })}\n`)
    io.out(`Every field stands in ${values.report}.`)
  }
  if (values.output === undefined) io.out('Nothing was written: -o team.yaml writes the document.')
  else await writeDocument(values.output, done, io)
  if (values.after !== undefined) writeAfterwards(values.after, done, io)
  return 0
}

export const importCommand: Command = {
  usage: USAGE,
  about:
    'Turn an OpsGenie account, or a backup of one, into a document for `fortnight apply`, with a report on every field.',
  run,
}
