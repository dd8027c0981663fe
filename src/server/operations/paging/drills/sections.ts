/** Weekly drills in a configuration document. */
import { z } from 'zod'
import { slug } from '../../../../contract/shapes.ts'
import { configurationSection, EntryFault } from '../../../people/configuration/section.ts'
import { findAccountByHandle } from '../../../people/accounts/store.ts'
import type { WriteTx } from '../../../platform/record.ts'
import { asEntry, WEEKDAYS } from '../../on-call/index.ts'
import { environmentNamed } from '../../../people/environments/find-environment.ts'
import { endPlan, keepPlan } from './drill-plans.ts'
import { listPlans, lockPlanFor, type PlanListRow } from './plan-store.ts'

const drillPlanDocument = z.strictObject({
  environment: slug,
  // A handle, or one of two words that are none.
  whom: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, 'policy, everybody, or a handle')
    .describe(
      '"policy": whom routing and policy mean; "everybody": each who may take pages, by a drill of their own; else a handle.',
    ),
  day: z.enum(WEEKDAYS),
  time: z.string().describe('As "10:00", by the wall clock of `zone`.'),
  zone: z.string().describe('IANA name, such as Europe/Stockholm.'),
})
type DrillPlanDocument = z.output<typeof drillPlanDocument>

const nameOf = ({ environment, whom }: Pick<DrillPlanDocument, 'environment' | 'whom'>): string =>
  `${environment}/${whom}`

const documentOf = (row: PlanListRow): DrillPlanDocument => ({
  environment: row.environment_slug,
  whom: row.account_handle ?? row.whom,
  day: WEEKDAYS[row.weekday - 1] as DrillPlanDocument['day'],
  time: row.wall_time,
  zone: row.zone,
})

const isNamed = (whom: string): boolean => whom !== 'policy' && whom !== 'everybody'

/** As plans keep it: an account's id. */
const whomIn = async (tx: WriteTx, whom: string): Promise<string> => {
  if (!isNamed(whom)) return whom
  const account = await findAccountByHandle(tx.db, whom)
  if (!account) throw new EntryFault([{ path: ['whom'], detail: `there is no account ${whom}` }])
  return account.id
}

const keep = async (
  tx: WriteTx,
  { environment, whom, day, time, zone }: DrillPlanDocument,
): Promise<void> => {
  const weekday = WEEKDAYS.indexOf(day) + 1
  const meant = await whomIn(tx, whom)
  await asEntry(() => keepPlan(tx, { environment, whom: meant, weekday, time, zone }))
}

configurationSection<DrillPlanDocument>({
  key: 'drillPlans',
  kind: 'drill plan',
  order: 78,
  schema: drillPlanDocument,
  nameOf,
  references: ({ environment, whom }) => [
    { path: ['environment'], section: 'environments', name: environment },
    ...(isNamed(whom) ? [{ path: ['whom'], section: 'accounts', name: whom }] : []),
  ],
  read: async (db) => (await listPlans(db)).map(documentOf),
  create: keep,
  update: keep,
  archive: async (tx, name) => {
    const [environment = '', whom = ''] = name.split('/')
    const { id } = await environmentNamed(tx.db, environment)
    const row = await lockPlanFor(tx.db, id, await whomIn(tx, whom))
    if (row) await endPlan(tx, row)
  },
})
