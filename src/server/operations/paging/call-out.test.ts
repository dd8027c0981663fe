/** Paging by hand: exactly whom it names, about an alert that can be worked, whatever routing would have said. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { closeAlert } from '../alerts/close-alert.ts'
import { callOut } from './call-out.ts'
import { pagingTest, type PagingTest } from './paging.fixture.ts'
import { replaceRouting } from './routing/routing.ts'

let paging: PagingTest
before(async () => {
  paging = await pagingTest()
})
after(() => paging?.stop())

const cleo = () => paging.team.engineers[1]
const as = () => paging.server.as(cleo().actor)
const about = { environment: 'acme-prod', text: 'The storage is filling up' }

test('a person who is named is paged, and nobody else, also where routing would only list', async () => {
  const { administrator, engineers } = paging.team
  const admin = paging.server.as(administrator.actor)
  await replaceRouting(admin, { rules: [{ id: 'quiet', name: 'Quiet', when: {}, does: { kind: 'list' } }] })
  const target = { kind: 'account', id: engineers[2].id } as const
  const page = await callOut(as(), { ...about, target })
  await replaceRouting(admin, { rules: [] })
  assert.deepEqual([page.priority, page.status, page.alertCount], ['P1', 'open', 1])
  assert.deepEqual([...new Set(page.intents.map(({ person }) => person.id))], [engineers[2].id])
  await paging.drain()
  assert.match(paging.mailsTo(engineers[2])[0]?.subject ?? '', /The storage is filling up/)
  await closeAlert(as(), { alertId: page.alerts[0]!.id, reason: 'grown' })
  assert.equal((await paging.pagesOf(paging.team.acmeProd)).at(-1)?.status, 'resolved')
})

test('a policy is followed with its steps', async () => {
  const page = await callOut(as(), { ...about, policy: 'default', priority: 'P2' })
  assert.equal(page.priority, 'P2')
  assert.deepEqual([...new Set(page.intents.map(({ person }) => person.id))], [paging.team.engineers[0].id])
  assert.notEqual(page.nextStepAt, null)
})

test('whom nobody is, or a place that is not there, pages nobody and leaves nothing', async () => {
  const count = async () => (await paging.pagesOf(paging.team.acmeProd)).length
  const before = await count()
  const nobody = '01890000-0000-7000-8000-000000000000'
  await assert.rejects(callOut(as(), { ...about, target: { kind: 'account', id: nobody } }))
  await assert.rejects(callOut(as(), { ...about, policy: 'no-such' }))
  await assert.rejects(callOut(as(), { ...about, environment: 'no-such', policy: 'default' }))
  await assert.rejects(callOut(as(), about))
  assert.equal(await count(), before)
})
