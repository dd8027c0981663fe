/** Reads an account of OpsGenie while it lives, into the files that `opsgenie-configuration-backup` would write. */
import type { SourceFile } from '../../../../domain/compat/opsgenie/fields.ts'
import { askForAll, NotGiven, type Ask } from './ask-opsgenie.ts'

type Thing = { readonly id: string; readonly name: string; readonly all: Readonly<Record<string, unknown>> }

/** @property unread what OpsGenie did not give for this key, with its answer */
export type ReadAccount = { readonly files: readonly SourceFile[]; readonly unread: readonly string[] }

/** Requests under way at once: OpsGenie counts them by the second. */
const AT_ONCE = 4

type Reading = {
  readonly ask: Ask
  /** The thing itself, without what stands around it. */
  readonly one: (path: string) => Promise<unknown>
  readonly all: (path: string, within?: string) => Promise<Thing[]>
  /** Left out, and said, when OpsGenie does not give it. */
  readonly ifGiven: <T>(work: () => Promise<T>, otherwise: T) => Promise<T>
}

const thingFrom = (value: unknown): Thing => {
  const all = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
  const text = (key: string): string | undefined =>
    typeof all[key] === 'string' ? (all[key] as string) : undefined
  const id = text('id') ?? text('name') ?? text('alias') ?? ''
  return { id, name: text('name') ?? text('username') ?? id, all }
}

const eachOf = async <T>(things: readonly Thing[], work: (thing: Thing) => Promise<T>): Promise<T[]> => {
  const done: T[] = []
  for (let first = 0; first < things.length; first += AT_ONCE)
    done.push(...(await Promise.all(things.slice(first, first + AT_ONCE).map(work))))
  return done
}

/** A name is somebody's text: no separators, no dots in front, no end without end. */
const fileName = (text: string): string =>
  text
    .slice(0, 100)
    .replace(/[/\\:*?"<>|\u0000-\u001f\u007f-\u009f]/g, '_')
    .replace(/^\.+/, '_')
    .toWellFormed()

const file = (folder: string, name: string, value: unknown): SourceFile => ({
  path: `${folder}/${fileName(name)}.json`,
  value,
})
const nameAndId = ({ name, id }: Thing): string => `${name.slice(0, 60)}-${id.slice(0, 39)}`
const inPath = encodeURIComponent

const listed = (things: readonly Thing[]): unknown[] => things.map(({ all }) => all)

const users = async ({ all, one, ifGiven }: Reading): Promise<SourceFile[]> =>
  eachOf(await all('/v2/users'), async (thing) => {
    const path = `/v2/users/${inPath(thing.id)}`
    const user = await one(`${path}?expand=contact`)
    const rules = await ifGiven(async () => {
      const metas = await all(`${path}/notification-rules`)
      return eachOf(metas, ({ id }) => one(`${path}/notification-rules/${inPath(id)}`))
    }, [])
    return file('users', nameAndId(thing), { user, notificationRuleList: rules })
  })

const teams = async ({ all, one, ifGiven }: Reading, metas: readonly Thing[]): Promise<SourceFile[]> =>
  eachOf(metas, async (thing) => {
    const path = `/v2/teams/${inPath(thing.id)}`
    const teamRoutingRules = await ifGiven(async () => listed(await all(`${path}/routing-rules`)), [])
    const teamRoles = await ifGiven(async () => listed(await all(`${path}/roles`)), [])
    return file('teams', nameAndId(thing), { team: await one(path), teamRoutingRules, teamRoles })
  })

const schedules = async ({ all, ifGiven }: Reading): Promise<SourceFile[]> =>
  eachOf(await all('/v2/schedules?expand=rotation'), async (thing) => {
    const path = `/v2/schedules/${inPath(thing.id)}/overrides`
    const scheduleOverrideList = await ifGiven(async () => listed(await all(path)), [])
    return file('schedules', nameAndId(thing), { schedule: thing.all, scheduleOverrideList })
  })

const integrations = async ({ all, one, ask }: Reading): Promise<SourceFile[]> =>
  eachOf(await all('/v2/integrations'), async ({ id }) => {
    const path = `/v2/integrations/${inPath(id)}`
    const integration = thingFrom(await one(path)).all
    // Those that are not of the advanced kind have none, which is an error there.
    const integrationActions = await ask(`${path}/actions`).then(
      ({ data }) => data,
      (error: unknown) => {
        if (error instanceof NotGiven) return undefined
        throw error
      },
    )
    const actions = integrationActions === undefined ? {} : { integrationActions }
    return file('integrations', id, { integration: { id, ...integration }, ...actions })
  })

const policies = async ({ all, one }: Reading, teamMetas: readonly Thing[]): Promise<SourceFile[]> => {
  const files: SourceFile[] = []
  const orders: unknown[] = []
  for (const team of [undefined, ...teamMetas]) {
    const query = team === undefined ? '' : `?teamId=${inPath(team.id)}`
    const alert = await all(`/v2/policies/alert${query}`)
    const notification = team === undefined ? [] : await all(`/v2/policies/notification${query}`)
    const metas = [...alert, ...notification]
    const found = await eachOf(metas, async ({ id }) => one(`/v2/policies/${inPath(id)}${query}`))
    const owner = team === undefined ? {} : { teamId: team.id, teamName: team.name }
    for (const [place, { id, name, all: meta }] of metas.entries()) {
      files.push(file('policiesV2', id, { ...owner, policy: found[place] }))
      orders.push({ id, name, order: meta['order'] ?? null, team: team?.id ?? '' })
    }
  }
  return orders.length === 0 ? files : [...files, file('ordersV2', 'PolicyOrders', orders)]
}

const roles = async ({ all, one }: Reading): Promise<SourceFile[]> =>
  eachOf(await all('/v2/roles'), async (thing) =>
    file('customUserRoles', nameAndId(thing), await one(`/v2/roles/${inPath(thing.id)}`)),
  )

const maintenance = async ({ all, one }: Reading): Promise<SourceFile[]> =>
  eachOf(await all('/v1/maintenance?type=non-expired'), async ({ id }) =>
    file('maintenance', id, await one(`/v1/maintenance/${inPath(id)}`)),
  )

/** Two things may have one name, and names that differ may be one on disk. */
const eachByItself = (files: readonly SourceFile[]): SourceFile[] => {
  const paths = new Map<string, number>()
  return files.map((each) => {
    const key = each.path.toLowerCase()
    const number = (paths.get(key) ?? 0) + 1
    paths.set(key, number)
    return number === 1 ? each : { ...each, path: each.path.replace(/\.json$/, ` (${number}).json`) }
  })
}

/** @param say is told how far it is, for an account takes its minutes */
export const readAccount = async (ask: Ask, say: (line: string) => void): Promise<ReadAccount> => {
  const unread: string[] = []
  const reading: Reading = {
    ask,
    one: async (path) => (await ask(path))['data'],
    all: async (path, within) => (await askForAll(ask, path, within)).map(thingFrom),
    ifGiven: async (work, otherwise) => {
      try {
        return await work()
      } catch (error) {
        if (!(error instanceof NotGiven)) throw error
        unread.push(error.message)
        return otherwise
      }
    },
  }
  const { all, ifGiven } = reading
  const teamMetas = await ifGiven(() => all('/v2/teams'), [])
  const simple =
    (folder: string, path: string, name: (thing: Thing) => string, within?: string) =>
    async (): Promise<SourceFile[]> =>
      (await all(path, within)).map((thing) => file(folder, name(thing), thing.all))
  const parts: Readonly<Record<string, () => Promise<SourceFile[]>>> = {
    users: () => users(reading),
    teams: () => teams(reading, teamMetas),
    schedules: () => schedules(reading),
    escalations: simple('escalations', '/v2/escalations', nameAndId),
    forwardings: simple('forwardings', '/v2/forwarding-rules', ({ id }) => id),
    policies: () => policies(reading, teamMetas),
    integrations: () => integrations(reading),
    heartbeats: simple('heartbeats', '/v2/heartbeats', ({ name }) => name.slice(0, 60), 'heartbeats'),
    maintenance: () => maintenance(reading),
    'roles of your own': () => roles(reading),
  }
  const files: SourceFile[] = []
  for (const [what, read] of Object.entries(parts)) {
    const found = await ifGiven(read, [])
    say(`${what}: ${found.length} files`)
    files.push(...found)
  }
  return { files: eachByItself(files), unread }
}
