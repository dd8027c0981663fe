/** Response times: kept by environment, and worked into the steps of a page when it begins. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createEscalationPolicy } from '../../on-call/escalation/create-escalation-policy.ts'
import { callOut } from '../call-out.ts'
import { MINUTE, pagingTest, type PagingTest } from '../paging.fixture.ts'
import { listResponseTimes, putResponseTimes } from './response-times.ts'

let paging: PagingTest
before(async () => {
  paging = await pagingTest()
  const [first, second] = paging.team.engineers
  await createEscalationPolicy(ada(), {
    slug: 'by-response',
    name: 'By response',
    steps: [
      { afterMinutes: 0, targets: [{ kind: 'account', id: first.id }] },
      { afterMinutes: 10, ofResponse: 0.5, targets: [{ kind: 'account', id: second.id }] },
    ],
    fallback: [{ kind: 'role', role: 'administrator' }],
  })
})
after(() => paging?.stop())

const ada = () => paging.server.as(paging.team.administrator.actor)
const nextStepAfter = async (environment: string, priority: 'P1' | 'P2') => {
  const page = await callOut(ada(), { environment, text: 'x', priority, policy: 'by-response' })
  return ((page.nextStepAt ?? 0) - page.requestedAt) / MINUTE
}

test('the second step begins at half of the response time of that environment and priority, else after its minutes', async () => {
  await putResponseTimes(ada(), { environment: 'acme-prod', P1: 60 })
  assert.equal(await nextStepAfter('acme-prod', 'P1'), 30)
  assert.equal(await nextStepAfter('acme-prod', 'P2'), 10)
  assert.equal(await nextStepAfter('globex-prod', 'P1'), 10)
  await putResponseTimes(ada(), { environment: 'acme-prod' })
  assert.equal(await nextStepAfter('acme-prod', 'P1'), 10)
  assert.deepEqual((await listResponseTimes(ada())).rows, [])
})

test('they are kept in a file with the policies that count in them: what was exported applies as no change', async () => {
  await putResponseTimes(ada(), { environment: 'acme-prod', P1: 60, P2: 240 })
  const { http } = paging.server
  const headers = { authorization: `Bearer ${paging.team.administrator.token}` }
  const { document } = (await http.inject({ url: '/api/configuration', headers })).json()
  assert.match(document, /ofResponse: 0.5/)
  const apply = async (text: string) => {
    const request = { method: 'POST', url: '/api/configuration/apply', headers } as const
    const reply = await http.inject({ ...request, payload: { document: text } })
    assert.equal(reply.statusCode, 200, reply.body)
    return reply.json().changes.map(({ kind, name }: { kind: string; name: string }) => [kind, name])
  }
  assert.deepEqual(await apply(document), [])
  assert.deepEqual(await apply(document.replace('P2: 240', 'P2: 120')), [['response times', 'acme-prod']])
})
