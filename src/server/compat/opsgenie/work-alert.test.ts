/** What people do to alerts through OpsGenie's clients: each operation is the verb of the same name, and says what came of it. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createTeam } from '../../people/teams/create-team.ts'
import { openOpsGenieTest, type OpsGenieTest } from './opsgenie.fixture.ts'

let og: OpsGenieTest
let key: string
before(async () => {
  og = await openOpsGenieTest()
  key = og.team.acmeProd.key
})
after(() => og?.stop())

const at = (alias: string, rest = '') => `/v2/alerts/${alias}${rest}?identifierType=alias`
const raise = async (alias: string, priority = 'P1') => {
  await og.post(key, { alias, message: alias, priority })
  return (await og.call(key, 'GET', at(alias))).body.data
}
const get = async (alias: string) => (await og.call(key, 'GET', at(alias))).body.data
const doIt = async (alias: string, operation: string, body: object = {}) => {
  const answer = await og.call(key, 'POST', at(alias, `/${operation}`), body)
  assert.equal(answer.status, 202, JSON.stringify(answer.body))
  return og.outcome(key, answer)
}
const user = () => og.team.engineers[0].handle

test('assign says whose it is by handle or e-mail address, and takes it for nobody', async () => {
  await raise('assigned')
  const [first, second] = og.team.engineers
  await doIt('assigned', 'assign', { owner: { username: second.email }, user: user() })
  assert.deepEqual(
    [(await get('assigned')).owner, (await get('assigned')).acknowledged],
    [second.handle, false],
  )
  await doIt('assigned', 'assign', { owner: { id: first.id } })
  assert.equal((await get('assigned')).owner, first.handle)
  for (const owner of [
    undefined,
    {},
    { username: 'nobody' },
    { id: og.team.acmeProd.id },
    'x',
    { username: '\u0000' },
  ]) {
    const { status } = await og.call(key, 'POST', at('assigned', '/assign'), { owner })
    assert.equal(status, 422, JSON.stringify(owner))
  }
  await doIt('assigned', 'close')
})

test('snooze is done by the person it names, until the instant it names; unacknowledge wakes it and pages anew', async () => {
  await raise('slept')
  const endTime = new Date(og.server.clock.now() + 3_600_000).toISOString()
  const outcome = await doIt('slept', 'snooze', { endTime, user: user(), note: 'known trouble' })
  assert.equal(outcome.isSuccess, true)
  const asleep = await get('slept')
  assert.deepEqual([asleep.snoozed, asleep.snoozedUntil, asleep.acknowledged], [true, endTime, true])
  for (const body of [{ endTime }, { endTime: 'soon', user: user() }, { endTime, user: 'robot' }])
    assert.equal((await og.call(key, 'POST', at('slept', '/snooze'), body)).status, 422, JSON.stringify(body))
  const pagesBefore = (await og.pagesOf(og.team.acmeProd)).length
  await doIt('slept', 'unacknowledge')
  assert.deepEqual([(await get('slept')).snoozed, (await get('slept')).acknowledged], [false, false])
  assert.equal((await og.pagesOf(og.team.acmeProd)).length, pagesBefore + 1, 'nobody has it')
})

test('escalate pages the policy it names, responders the person or schedule, at once', async () => {
  await raise('spread', 'P4')
  const [first, second] = og.team.engineers
  await doIt('spread', 'responders', { responder: { type: 'user', username: second.handle } })
  await og.drain()
  assert.ok(og.mailsTo(second).some(({ subject }) => subject?.includes('spread')))
  assert.ok(!og.mailsTo(first).some(({ subject }) => subject?.includes('spread')))
  await doIt('spread', 'escalate', { escalation: { name: 'Default' } })
  await og.drain()
  assert.ok(og.mailsTo(first).some(({ subject }) => subject?.includes('spread')))
  const wrong: [string, object][] = [
    ['responders', { responder: { type: 'team', name: 'nobodys' } }],
    ['responders', { responder: { type: 'schedule', name: 'nobodys' } }],
    ['responders', {}],
    ['escalate', {}],
    ['escalate', { escalation: { name: 'nobodys' } }],
  ]
  for (const [operation, body] of wrong) {
    const { status } = await og.call(key, 'POST', at('spread', `/${operation}`), body)
    assert.ok(status >= 400 && status < 500, `${operation} ${JSON.stringify(body)} ${status}`)
  }
  const { data } = (await og.call(key, 'GET', at('spread', '/recipients'))).body
  assert.deepEqual(
    data.map((each: { user: { username: string } }) => each.user.username).sort(),
    [first.handle, second.handle].sort(),
  )
})

test('a team that responds is paged as a whole, and taking responders away untells nobody and is written down', async () => {
  const [first, second, third] = og.team.engineers
  await createTeam(og.server.as(og.team.administrator.actor), {
    slug: 'storage',
    name: 'Storage',
    members: [
      { accountId: second.id, role: 'admin' },
      { accountId: third.id, role: 'member' },
    ],
  })
  for (const [alias, operation, body] of [
    ['by-responder', 'responders', { responder: { type: 'team', name: 'Storage' } }],
    ['by-team', 'teams', { team: { name: 'storage' } }],
  ] as const) {
    await raise(alias, 'P4')
    assert.equal((await doIt(alias, operation, body)).isSuccess, true)
    await og.drain()
    const told = og.team.engineers.filter((person) =>
      og.mailsTo(person).some(({ subject }) => subject?.includes(alias)),
    )
    assert.deepEqual(
      told.map(({ id }) => id),
      [second.id, third.id],
      alias,
    )
  }
  for (const team of [undefined, {}, { name: 'nobodys' }, { id: first.id }])
    assert.equal((await og.call(key, 'POST', at('by-team', '/teams'), { team })).status, 422)
  const taken = await og.call(key, 'DELETE', at('by-team', '/responders'), {
    responder: { type: 'team', name: 'storage' },
  })
  assert.equal(taken.status, 202)
  assert.equal((await og.outcome(key, taken)).isSuccess, false)
  const { data } = (await og.call(key, 'GET', at('by-team', '/notes'))).body
  assert.match(data[0].note, /Whoever was paged stays so/)
})

test('delete ends an alert and keeps its history; of what is not there it says so', async () => {
  const { id } = await raise('deleted')
  const answer = await og.call(key, 'DELETE', at('deleted'))
  assert.equal(answer.status, 202)
  assert.deepEqual((await og.outcome(key, answer)).status, 'Closed alert; its history stays')
  assert.equal((await og.call(key, 'GET', `/v2/alerts/${id}`)).body.data.status, 'closed')
  const none = await og.call(key, 'DELETE', at('nobodys'))
  assert.equal((await og.outcome(key, none)).isSuccess, false)
})

test('an action that nothing runs is written down', async () => {
  await raise('acted')
  const outcome = await doIt('acted', 'actions/Restart')
  assert.deepEqual([outcome.isSuccess, outcome.action], [false, 'ExecuteCustomAction'])
  const { data } = (await og.call(key, 'GET', at('acted', '/notes'))).body
  assert.match(data[0].note, /Restart/)
})

test('on what is closed these are outcomes, no errors', async () => {
  const { id } = await raise('over')
  await doIt('over', 'close')
  for (const [operation, body] of [
    ['assign', { owner: { username: user() } }],
    ['snooze', { endTime: new Date(og.server.clock.now() + 3_600_000).toISOString(), user: user() }],
    ['escalate', { escalation: { name: 'default' } }],
    ['unacknowledge', {}],
  ] as const) {
    const answer = await og.call(key, 'POST', `/v2/alerts/${id}/${operation}`, body)
    assert.equal(answer.status, 202, operation)
    assert.equal((await og.outcome(key, answer)).isSuccess, false, operation)
  }
})

test('logs tell what happened, and notes and logs are walked by offset in either order', async () => {
  const { id } = await raise('told')
  for (const note of ['one', 'two', 'three', 'four', 'five'])
    await doIt('told', 'notes', { note, user: 'robot' })
  await doIt('told', 'acknowledge', { user: user() })
  const logs = (await og.call(key, 'GET', `/v2/alerts/${id}/logs?order=asc`)).body.data
  assert.equal(logs[0].log, 'Alert created')
  assert.ok(
    logs.some(
      ({ log, owner }: { log: string; owner: string }) =>
        log.startsWith('Alert acknowledged') && owner === user(),
    ),
  )
  const walk = async (order: string) => {
    const seen: string[] = []
    let url: string | undefined = `/v2/alerts/${id}/notes?limit=2&order=${order}`
    for (let pages = 0; url && pages < 9; pages += 1) {
      const { data, paging }: { data: { note: string }[]; paging: { next?: string } } = (
        await og.call(key, 'GET', url)
      ).body
      seen.push(...data.map(({ note }) => note))
      url = paging.next && new URL(paging.next).pathname + new URL(paging.next).search
    }
    return seen
  }
  assert.deepEqual(await walk('asc'), ['one', 'two', 'three', 'four', 'five'])
  assert.deepEqual(await walk('desc'), ['five', 'four', 'three', 'two', 'one'])
  const back = await og.call(key, 'GET', `/v2/alerts/${id}/notes?limit=2&order=asc&offset=4&direction=prev`)
  assert.deepEqual(
    back.body.data.map(({ note }: { note: string }) => note),
    ['two', 'three'],
  )
})
