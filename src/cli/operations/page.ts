/** `fortnight page` and `fortnight close`: paging by hand, and ending what one has dealt with. */
import { parseArgs } from 'node:util'
import { alertRoutes } from '../../contract/operations/alerts.ts'
import { onCallRoutes } from '../../contract/operations/on-call.ts'
import { pageRoutes } from '../../contract/operations/pages.ts'
import { environmentRoutes } from '../../contract/people/environments.ts'
import { teamRoutes } from '../../contract/people/teams.ts'
import { call } from '../shell/call.ts'
import { needConnection, type Connection } from '../shell/connection.ts'
import { CommandFault, usageFault, type Command } from '../shell/io.ts'
import { jsonText, printable } from '../shell/printable.ts'
import { findAccountNamed } from './account-named.ts'

const KINDS = ['policy', 'schedule', 'team', 'person'] as const
type Kind = (typeof KINDS)[number]
/** As the server is told whom to page. */
type Whom =
  | { readonly policy: string }
  | { readonly target: { readonly kind: 'schedule' | 'team' | 'account'; readonly id: string } }
type Found = { readonly kind: Kind; readonly whom: Whom }

const target = (kind: 'schedule' | 'team' | 'account', id: string | undefined): Whom | undefined =>
  id === undefined ? undefined : { target: { kind, id } }

/** What the name is called among each kind of thing that can be paged. */
const look: Readonly<Record<Kind, (connection: Connection, name: string) => Promise<Whom | undefined>>> = {
  policy: async (connection, name) => {
    const { rows } = await call(connection, onCallRoutes.listEscalationPolicies, { limit: 200 })
    return rows.some(({ slug }) => slug === name) ? { policy: name } : undefined
  },
  schedule: async (connection, name) => {
    const { rows } = await call(connection, onCallRoutes.listSchedules, { limit: 200 })
    return target('schedule', rows.find(({ slug }) => slug === name)?.id)
  },
  team: async (connection, name) => {
    const { rows } = await call(connection, teamRoutes.listTeams, { limit: 200 })
    return target('team', rows.find(({ slug }) => slug === name)?.id)
  },
  person: async (connection, name) => target('account', await findAccountNamed(connection, name)),
}

/** A page to the wrong one is worse than a question: a name that several have is asked about. */
const whomOf = async (connection: Connection, named: string): Promise<Whom> => {
  const [prefix = '', ...rest] = named.split(':')
  const kinds = KINDS.filter((kind) => rest.length === 0 || kind === prefix)
  const name = rest.length > 0 && kinds.length > 0 ? rest.join(':') : named
  const found: Found[] = []
  for (const kind of kinds.length > 0 ? kinds : KINDS) {
    const whom = await look[kind](connection, name)
    if (whom) found.push({ kind, whom })
  }
  const [only, ...others] = found
  if (!only) throw new CommandFault(`There is no policy, schedule, team or person ${name}. Nobody was paged.`)
  if (others.length > 0)
    throw new CommandFault(
      `${name} is several things. Say which: ${found.map(({ kind }) => `${kind}:${name}`).join(', ')}.`,
    )
  return only.whom
}

/** The one there is, where there is one. */
const environmentOf = async (connection: Connection, given: string | undefined): Promise<string> => {
  if (given !== undefined) return given
  const { rows } = await call(connection, environmentRoutes.listEnvironments, { limit: 2 })
  const [only, ...others] = rows
  if (only && others.length === 0) return only.slug
  throw usageFault('Say which environment it is about: --environment acme-prod.')
}

export const pageCommand: Command = {
  usage:
    'fortnight page POLICY|SCHEDULE|TEAM|PERSON "what is wrong" [--environment acme-prod] [--priority P1] [--json]',
  about: 'Page by hand: whoever is named is told on their real channels.',
  run: async (argv, io) => {
    const { positionals, values } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        environment: { type: 'string', short: 'e' },
        priority: { type: 'string' },
        json: { type: 'boolean' },
      },
    })
    const [named, ...words] = positionals
    const text = words.join(' ').trim()
    if (named === undefined || text === '') throw usageFault('Say whom to page, and what is wrong.')
    const priority = (values.priority ?? 'P1').toUpperCase()
    if (!/^P[1-5]$/.test(priority)) throw usageFault('A priority is P1 to P5.')
    const connection = needConnection(io.env)
    const page = await call(connection, pageRoutes.callOut, {
      environment: await environmentOf(connection, values.environment),
      text,
      priority: priority as 'P1',
      ...(await whomOf(connection, named)),
    })
    if (values.json) {
      io.out(jsonText(page))
      return 0
    }
    const people = [...new Set(page.intents.map(({ person }) => person.name))]
    io.out(
      `Paged ${people.map(printable).join(', ') || 'nobody yet'}: ${page.priority} ${printable(page.title)}`,
    )
    io.out(`${connection.url}/pages/${page.id}`)
    return 0
  },
}

/** By the id of an alert, or of the page that rings for it. */
const alertsMeant = async (connection: Connection, id: string): Promise<readonly string[]> => {
  const page = await call(connection, pageRoutes.getPage, { pageId: id }).catch(() => undefined)
  return page ? page.alerts.filter(({ status }) => status !== 'closed').map((alert) => alert.id) : [id]
}

export const closeCommand: Command = {
  usage: 'fortnight close ALERT|PAGE --reason "why"',
  about: 'Close an alert, or every alert of a page.',
  run: async (argv, io) => {
    const { positionals, values } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { reason: { type: 'string' } },
    })
    const [id, ...others] = positionals
    if (id === undefined || others.length > 0 || !/^[0-9a-f-]{36}$/.test(id))
      throw usageFault(
        'An alert or a page is named by its id: `fortnight alerts` and `fortnight pages` list them.',
      )
    const reason = values.reason?.trim()
    if (!reason) throw usageFault('Say why: --reason.')
    const connection = needConnection(io.env)
    const meant = await alertsMeant(connection, id)
    if (meant.length === 0) throw new CommandFault('Every alert of this page is closed already.')
    for (const alertId of meant) await call(connection, alertRoutes.closeAlert, { alertId, reason })
    io.out(`Closed ${meant.length === 1 ? 'one alert' : `${meant.length} alerts`}.`)
    return 0
  },
}
