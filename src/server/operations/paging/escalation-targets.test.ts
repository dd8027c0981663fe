/** Whom a step tells: of a rota and of a team, now and otherwise; and steps that do not mind that somebody has the page. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { EscalationTarget } from '../../../domain/operations/paging/escalation-policy.ts'
import { createTeam } from '../../people/teams/create-team.ts'
import type { Actor } from '../../platform/actor.ts'
import { closeAlert } from '../alerts/close-alert.ts'
import { createSchedule } from '../on-call/create-schedule.ts'
import { createEscalationPolicy } from '../on-call/escalation/create-escalation-policy.ts'
import { assignEscalationPolicy } from '../on-call/escalation/assign-escalation-policy.ts'
import { acknowledgePage } from './acknowledge-page.ts'
import { MINUTE, pagingTest, type PagingTest } from './paging.fixture.ts'
import { resolveTargets } from './recipients.ts'

let paging: PagingTest
let schedule: string
let team: string
const as = (person: { readonly actor: unknown }) => paging.server.as(person.actor as Actor)
const dateOf = (at: number): string => new Date(at).toISOString().slice(0, 10)
const DAY = 24 * 60 * MINUTE

before(async () => {
  paging = await pagingTest()
  const { administrator, engineers, deliveryManager } = paging.team
  const made = await createSchedule(as(administrator), {
    slug: 'turns',
    name: 'Turns',
    layers: [
      {
        kind: 'daily',
        id: 'daily',
        everyDays: 1,
        handOver: { time: '00:00' },
        zone: 'UTC',
        participants: [engineers[0].id, engineers[1].id, deliveryManager.id],
        startsOn: dateOf(paging.server.clock.now() - 3 * DAY),
      },
    ],
  } as never)
  schedule = made.schedule?.id ?? ''
  team = (
    await createTeam(as(administrator), {
      slug: 'storage',
      name: 'Storage',
      members: [
        { accountId: engineers[1].id, role: 'member' },
        { accountId: engineers[0].id, role: 'admin' },
      ],
    } as never)
  ).id
})
after(() => paging?.stop())

const told = (target: EscalationTarget, at = paging.server.clock.now()): Promise<string[]> =>
  paging.server.platform.database.db.transaction().execute((db) => resolveTargets(db as never, [target], at))

test('of a rota now, next, before or everybody, of a team all or its admins', async () => {
  const [one, two] = paging.team.engineers
  const ids = [one.id, two.id, paging.team.deliveryManager.id]
  const of = (who: 'now' | 'next' | 'previous' | 'everybody') => told({ kind: 'schedule', id: schedule, who })
  assert.deepEqual(await of('now'), [ids[0]])
  assert.deepEqual(await told({ kind: 'schedule', id: schedule }), [ids[0]])
  assert.deepEqual(await of('next'), [ids[1]])
  assert.deepEqual(await of('previous'), [ids[2]])
  assert.deepEqual(await of('everybody'), ids)
  assert.deepEqual(await told({ kind: 'team', id: team }), [two.id, one.id])
  assert.deepEqual(await told({ kind: 'team', id: team, who: 'admins' }), [one.id])
})

test('a step unless closed tells people although somebody has the page, and says who has it; closing ends it', async () => {
  const { administrator, engineers, acmeProd, deliveryManager } = paging.team
  await createEscalationPolicy(as(administrator), {
    slug: 'patient',
    name: 'Patient',
    steps: [
      { afterMinutes: 0, targets: [{ kind: 'account', id: engineers[0].id }] },
      { afterMinutes: 5, targets: [{ kind: 'account', id: engineers[1].id }] },
      { afterMinutes: 10, unless: 'closed', targets: [{ kind: 'account', id: deliveryManager.id }] },
      { afterMinutes: 10, unless: 'closed', targets: [{ kind: 'team', id: team, who: 'admins' }] },
    ],
    fallback: [{ kind: 'role', role: 'administrator' }],
  } as never)
  await assignEscalationPolicy(as(administrator), { environment: 'acme-prod', policy: 'patient' })
  await paging.fire(acmeProd, { name: 'StillBurning' })
  await paging.drain()
  const [page] = await paging.pagesOf(acmeProd)
  await acknowledgePage(as(engineers[0]), { pageId: page?.id ?? '' })
  const { clock } = paging.server
  clock.advance(14 * MINUTE)
  await paging.drain()
  assert.equal(paging.mailsTo(engineers[1]).length, 0, 'somebody has it')
  assert.equal(paging.mailsTo(deliveryManager).length, 0, 'not yet')
  clock.advance(MINUTE)
  await paging.drain()
  const [mail] = paging.mailsTo(deliveryManager)
  assert.match(mail?.text ?? '', new RegExp(`${engineers[0].name} has it`))
  const alert = await paging.server.platform.database.db
    .selectFrom('alerts')
    .select('id')
    .where('name', '=', 'StillBurning')
    .executeTakeFirstOrThrow()
  const before = paging.mailsTo(engineers[0]).length
  await closeAlert(as(engineers[0]), { alertId: alert.id, reason: 'over' })
  clock.advance(30 * MINUTE)
  await paging.drain()
  assert.equal(paging.mailsTo(engineers[0]).length, before)
})
