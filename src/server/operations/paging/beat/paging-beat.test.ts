/** The engine's beat: that it claims, and what it finds about who is on call. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createSchedule } from '../../on-call/create-schedule.ts'
import { createEscalationPolicy } from '../../on-call/escalation/create-escalation-policy.ts'
import { addOverride } from '../../on-call/index.ts'
import { acknowledgePage } from '../acknowledge-page.ts'
import { startDrill } from '../drills/start-drill.ts'
import { MINUTE, pagingTest, type PagingTest } from '../paging.fixture.ts'
import { findBeat } from './beat-store.ts'
import { pagingBeat } from './paging-beat.ts'

let paging: PagingTest
before(async () => {
  paging = await pagingTest()
})
after(() => paging?.stop())

const ada = () => paging.server.as(paging.team.administrator.actor)
const system = () => paging.server.as({ kind: 'system', task: 'paging.beat', via: 'system' })
const beat = async () => {
  await pagingBeat.run(system(), {}, { id: '', kind: 'paging.beat', dueAt: 0, attempt: 1 })
  const row = await findBeat(paging.server.platform.database.db)
  return { at: row?.beat_at, found: row?.findings as { kind: string; subject: string; sinceAt: number }[] }
}
const kinds = async () => {
  paging.server.clock.advance(MINUTE)
  return (await beat()).found.map(({ kind }) => kind)
}

test('a rota that a policy names and that has nobody is found until somebody says that it is meant; one that nobody names is not', async () => {
  const [bo] = paging.team.engineers
  const begins = { startsOn: '2027-03-01', handOver: { weekday: 1, time: '09:00' } }
  const weekly = { kind: 'weekly', id: 'primary', everyWeeks: 1, zone: 'Europe/Stockholm', ...begins }
  const rota = async (slug: string) => {
    const layers = [{ ...weekly, participants: [bo.id] }]
    const { schedule } = await createSchedule(ada(), { slug, name: slug, layers } as never)
    return schedule?.id ?? ''
  }
  await rota('unused')
  assert.deepEqual(await kinds(), [])
  const id = await rota('primary')
  await createEscalationPolicy(ada(), {
    slug: 'by-rota',
    name: 'By rota',
    repeat: 0,
    steps: [{ afterMinutes: 0, targets: [{ kind: 'schedule', id }] }],
    fallback: [{ kind: 'role', role: 'administrator' }],
  } as never)
  assert.deepEqual(await kinds(), ['empty-schedule'])
  const first = (await beat()).found[0]
  paging.server.clock.advance(5 * MINUTE)
  assert.deepEqual((await beat()).found[0], first, 'it began when it was first found')
  const now = paging.server.clock.now()
  await addOverride(ada(), {
    schedule: 'primary',
    accountId: bo.id,
    from: now,
    to: now + 600 * MINUTE,
  } as never)
  assert.deepEqual(await kinds(), ['unverified-contact'])
  await startDrill(ada(), { environment: 'acme-prod', person: bo.id })
  await paging.drain()
  const page = (await paging.pagesOf(paging.team.acmeProd)).at(-1)!
  await acknowledgePage(paging.server.as(bo.actor), { pageId: page.id })
  assert.deepEqual(await kinds(), [], 'a drill that was taken proves the mail')
})

test('between two looks at duty it beats all the same', async () => {
  const { at } = await beat()
  paging.server.clock.advance(10_000)
  assert.equal((await beat()).at, (at ?? 0) + 10_000)
})
