/** OpsGenie's dialect over the ordinary alerts: what it opens pages, what it closes ends the page, and odd clients are understood. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createKey } from '../../people/environments/change-keys.ts'
import { intakeOf, IntakeFull, type Intake } from '../../operations/alerts/intake.ts'
import { systemCtx } from '../../platform/context.ts'
import { forgetOldRequests } from './tasks.ts'
import { openOpsGenieTest, type OpsGenieTest } from './opsgenie.fixture.ts'

let og: OpsGenieTest
let prod: string
let globex: string
before(async () => {
  og = await openOpsGenieTest()
  prod = og.team.acmeProd.key
  globex = og.team.globexProd.key
})
after(() => og?.stop())

const severe = { alertname: 'KubeNodeNotReady', severity: 'critical', cluster: 'workload-1' }
const byAlias = (alias: string, operation = '') =>
  `/v2/alerts/${encodeURIComponent(alias)}${operation}?identifierType=alias`
const openAlerts = (environmentId: string) =>
  og.query(
    "select * from alerts where environment_id = $1 and status <> 'closed' order by opened_at, id",
    environmentId,
  )

test('an alert opens, pages the person on call, and its close by alias ends the page', async () => {
  const { globexProd, engineers } = og.team
  const made = await og.post(globex, { alias: 'a1', message: '[FIRING:1] Node down', details: severe })
  assert.equal(made.body.result, 'Request will be processed')
  assert.ok(made.body.took > 0 && made.headers['x-response-time'] === String(made.body.took))
  assert.equal(made.headers['x-request-id'], made.body.requestId)
  assert.equal(made.headers['x-ratelimit-state'], 'OK')
  await og.drain()
  assert.equal(og.mailsTo(engineers[0]).length, 1)
  const [page] = await og.pagesOf(globexProd)
  assert.equal(page?.status, 'open')
  const created = await og.outcome(globex, made)
  assert.deepEqual([created.isSuccess, created.status, created.alias], [true, 'Created alert', 'a1'])

  const closed = await og.call(globex, 'POST', `${byAlias('a1', '/close/')}&`, {
    source: 'test',
    note: 'gone',
  })
  assert.equal(closed.status, 202)
  assert.deepEqual((await og.outcome(globex, closed)).status, 'Closed alert')
  assert.equal((await og.pagesOf(globexProd))[0]?.status, 'resolved')
  const alert = await og.call(globex, 'GET', `/v2/alerts/${created.alertId}`)
  assert.equal(alert.body.data.status, 'closed')
  const notes = await og.call(globex, 'GET', `/v2/alerts/${created.alertId}/notes`)
  assert.deepEqual(
    notes.body.data.map(({ note, owner }: Record<string, string>) => [note, owner]),
    [['gone', 'test']],
  )
})

test('the same alias twice is one alert, counted; after its close it is a new one', async () => {
  await og.post(globex, { alias: 'twice', message: 'one' })
  await og.post(globex, { alias: 'twice', message: 'other words', description: 'and more' })
  await intakeOf(og.server.platform).close()
  const { body } = await og.call(globex, 'GET', byAlias('twice'))
  assert.deepEqual([body.data.count, body.data.message, body.data.description], [2, 'one', ''])
  await og.call(globex, 'POST', byAlias('twice', '/close'), {})
  assert.equal((await og.call(globex, 'GET', byAlias('twice'))).status, 404, 'an alias finds open alerts')
  await og.post(globex, { alias: 'twice', message: 'again' })
  assert.notEqual((await og.call(globex, 'GET', byAlias('twice'))).body.data.id, body.data.id)
})

test('the same alert fifty times at the same moment is one alert and one page, and each request knows it', async () => {
  const { acmeProd } = og.team
  const before = (await og.pagesOf(acmeProd)).length
  const body = { alias: 'storm', message: 'Storm', details: severe }
  const answers = await Promise.all(Array.from({ length: 50 }, () => og.post(prod, body)))
  await intakeOf(og.server.platform).close()
  const { data } = (await og.call(prod, 'GET', byAlias('storm'))).body
  assert.equal(data.count, 50)
  for (const each of answers) assert.equal((await og.outcome(prod, each)).alertId, data.id)
  assert.equal((await og.pagesOf(acmeProd)).length, before + 1)
  await og.call(prod, 'POST', byAlias('storm', '/close'))
})

test('the same alias from two keys is two alerts, and each key closes its own', async () => {
  const { acmeStaging, administrator } = og.team
  const admin = og.server.as(administrator.actor)
  const second = await createKey(admin, { environment: 'acme-staging', name: 'second' })
  await og.post(acmeStaging.key, { alias: 'shared', message: 'first cluster' })
  await og.post(second.secret, { alias: 'shared', message: 'second cluster' })
  assert.equal((await openAlerts(acmeStaging.id)).length, 2)
  await og.call(second.secret, 'POST', byAlias('shared', '/close'), {})
  assert.deepEqual(
    (await openAlerts(acmeStaging.id)).map((row) => row.summary),
    ['first cluster'],
  )
  const mine = await og.call(acmeStaging.key, 'GET', byAlias('shared'))
  assert.equal(mine.body.data.integration.id, acmeStaging.keyId)
  await og.call(acmeStaging.key, 'POST', byAlias('shared', '/close'), {})
})

test('no webhook can be made to look like an alert of this dialect', async () => {
  await og.post(prod, { alias: 'forged', message: 'real' })
  const [alert] = await og.query("select * from alerts where annotations ->> 'alias' = 'forged'")
  await og.fire(og.team.acmeProd, { fingerprint: alert.fingerprint, name: 'Forger', status: 'resolved' })
  await og.fire(og.team.acmeProd, {
    fingerprint: alert.fingerprint.slice(0, 16),
    name: 'Forger',
    status: 'resolved',
  })
  assert.equal((await og.call(prod, 'GET', byAlias('forged'))).body.data.status, 'open')
})

test('without a priority it is P3, unless the details say how severe it is; P1 and P2 page', async () => {
  const priorityOf = async (alias: string, body: object) => {
    await og.post(prod, { alias, message: alias, ...body })
    return (await og.call(prod, 'GET', byAlias(alias))).body.data.priority
  }
  assert.equal(await priorityOf('p-none', {}), 'P3')
  assert.equal(await priorityOf('p-unknown', { details: { severity: 'peculiar' } }), 'P3')
  assert.equal(await priorityOf('p-severe', { details: severe }), 'P1')
  assert.equal(await priorityOf('p-said', { details: severe, priority: 'p4' }), 'P4')
  assert.equal(await priorityOf('p-odd', { priority: 'urgent' }), 'P3')
})

test('what its source calls urgent only later pages then', async () => {
  const { acmeStaging } = og.team
  await og.post(acmeStaging.key, { alias: 'later', message: 'slow' })
  await og.drain()
  const before = (await og.pagesOf(acmeStaging)).length
  const put = await og.call(acmeStaging.key, 'PUT', byAlias('later', '/priority'), { priority: 'P1' })
  assert.equal((await og.outcome(acmeStaging.key, put)).isSuccess, true)
  await og.drain()
  const pages = await og.pagesOf(acmeStaging)
  assert.equal(pages.length, before + 1)
  await og.call(acmeStaging.key, 'POST', byAlias('later', '/close'))
  assert.equal((await og.pagesOf(acmeStaging)).at(-1)?.status, 'resolved')
})

test('words, tags, details and notes change and are kept in the history; the same words again are no change', async () => {
  await og.post(prod, { alias: 'words', message: 'old', tags: 'a, b', entity: 'e', source: 'cli' })
  const change = (method: 'PUT' | 'POST' | 'DELETE', operation: string, body: object, more = '') =>
    og.call(prod, method, byAlias('words', operation) + more, body)
  await change('PUT', '/message', { message: 'new' })
  await change('PUT', '/message', { message: 'new' })
  await change('PUT', '/description', { description: 'long' })
  await change('POST', '/tags', { tags: ['c', ' a '] })
  await change('DELETE', '/tags', {}, '&tags=b%2Cz')
  await change('POST', '/details', { details: { team: 'blue', more: 'x' } })
  await change('DELETE', '/details', {}, '&keys=more')
  await change('POST', '/notes/', { note: 'looked at it', user: 'robot' })
  const { data } = (await og.call(prod, 'GET', byAlias('words'))).body
  assert.deepEqual(
    [data.message, data.description, data.tags, data.details, data.entity, data.source],
    ['new', 'long', ['a', 'c'], { team: 'blue' }, 'e', 'cli'],
  )
  const events = await og.query(
    "select type from events where stream_id = $1 and type like 'alert.%'",
    data.id,
  )
  assert.equal(events.filter(({ type }) => type === 'alert.changed').length, 6)
  const seen = await og.server.http.inject({
    url: `/api/alerts/${data.id}`,
    headers: { cookie: og.team.engineers[0].cookie },
  })
  assert.ok(seen.json().activity.some((row: { detail: string }) => row.detail === 'robot: looked at it'))
})

test('an empty description is an empty description, and an empty message leaves the alert as it is', async () => {
  await og.post(prod, { alias: 'empty', message: 'm', description: 'd' })
  assert.equal((await og.call(prod, 'PUT', byAlias('empty', '/description'), {})).status, 202)
  const put = await og.call(prod, 'PUT', byAlias('empty', '/message'), {})
  assert.deepEqual([put.status, (await og.outcome(prod, put)).isSuccess], [202, false])
  const { data } = (await og.call(prod, 'GET', byAlias('empty'))).body
  assert.deepEqual([data.message, data.description], ['m', ''])
})

test('closing what nobody knows is accepted and does nothing, under every kind of name', async () => {
  for (const [name, type] of [
    ['nobody', 'alias'],
    ['123', 'tiny'],
    ['nobody', 'id'],
    ['01890000-0000-7000-8000-00000000beef', 'id'],
  ] as const) {
    const closed = await og.call(prod, 'POST', `/v2/alerts/${name}/close?identifierType=${type}`, {})
    assert.equal(closed.status, 202, name)
    assert.deepEqual((await og.outcome(prod, closed)).status, 'Alert does not exist')
  }
})

test('an alert is found by id, by its tiny number and by its alias, however long', async () => {
  const alias = 'é/?&'.repeat(128)
  assert.equal(alias.length, 512)
  await og.post(prod, { alias: `${alias} and more`, message: 'named' })
  const { data } = (await og.call(prod, 'GET', byAlias(`${alias} and more`))).body
  assert.equal(data.alias, alias)
  assert.match(data.tinyId, /^\d{1,15}$/)
  for (const url of [`/v2/alerts/${data.id}`, `/v2/alerts/${data.tinyId}/?identifierType=tiny`])
    assert.equal((await og.call(prod, 'GET', url)).body.data.id, data.id, url)
})

test('without an alias each request is an alert of its own, called by its id', async () => {
  const made = await og.post(prod, { message: 'unnamed' })
  await og.post(prod, { message: 'unnamed' })
  const { alertId } = await og.outcome(prod, made)
  const found = await og.call(prod, 'GET', byAlias(alertId))
  assert.deepEqual([found.body.data.id, found.body.data.alias], [alertId, alertId])
  const counted = await og.call(prod, 'GET', '/v2/alerts/count?query=message%3Aunnamed')
  assert.equal(counted.body.data.count, 2)
})

test('a person of the team is named when an alert is taken; nobody else can take it', async () => {
  const { acmeStaging, engineers, auditor, acmeContact } = og.team
  await og.post(acmeStaging.key, { alias: 'taken', message: 'take me', details: severe })
  await og.drain()
  const take = (body: object) => og.call(acmeStaging.key, 'POST', byAlias('taken', '/acknowledge/'), body)
  for (const user of [undefined, '', 'nobody', 'a\u0000b', auditor.email, acmeContact.email, 5]) {
    const refused = await take({ user })
    assert.equal(refused.status, 422, String(user))
    assert.ok(refused.body.errors.user)
  }
  const taken = await take({ user: engineers[0].email.toUpperCase(), note: 'on it' })
  assert.equal((await og.outcome(acmeStaging.key, taken)).status, 'Acknowledged alert')
  const page = (await og.pagesOf(acmeStaging)).at(-1)
  assert.deepEqual([page?.status, page?.acknowledged_by], ['acknowledged', engineers[0].id])
  const again = await take({ user: engineers[0].handle })
  assert.equal((await og.outcome(acmeStaging.key, again)).isSuccess, true)
  const other = await take({ user: engineers[1].handle })
  assert.equal((await og.outcome(acmeStaging.key, other)).isSuccess, false)
  const { data } = (await og.call(acmeStaging.key, 'GET', byAlias('taken'))).body
  assert.equal(data.acknowledged, true)
  const seen = await og.server.http.inject({
    url: `/api/alerts/${data.id}`,
    headers: { cookie: engineers[0].cookie },
  })
  const passedOn = seen
    .json()
    .activity.filter(({ kind }: { kind: string }) => kind === 'acknowledged-through-key')
  assert.ok(passedOn.length > 0)
  assert.ok(passedOn.every(({ by }: { by: { name: string } }) => by.name === engineers[0].name))
  await og.call(acmeStaging.key, 'POST', byAlias('taken', '/close'))
})

test('a list has a query, an order, pages and their addresses', async () => {
  const { globexProd } = og.team
  for (const n of [1, 2, 3, 4, 5]) {
    og.server.clock.advance(1_000)
    await og.post(globex, { alias: `l${n}`, message: `listed ${n}`, priority: `P${n}`, tags: ['listed'] })
  }
  const list = (query: string) => og.call(globex, 'GET', `/v2/alerts/?${query}`)
  const names = async (query: string) =>
    (await list(query)).body.data.map((row: { alias: string }) => row.alias)
  const tagged = 'query=tag%3Alisted'
  assert.deepEqual(await names(tagged), ['l5', 'l4', 'l3', 'l2', 'l1'])
  assert.deepEqual(await names(`${tagged}&sort=priority&order=asc&limit=2`), ['l1', 'l2'])
  const first = await list(`${tagged}&limit=2`)
  assert.equal(first.body.paging.prev, undefined)
  const next = new URL(first.body.paging.next)
  assert.deepEqual(await names(next.search.slice(1)), ['l3', 'l2'])
  assert.deepEqual(await names(new URL(first.body.paging.last).search.slice(1)), ['l1'])
  const find = (query: string) => names(`query=${encodeURIComponent(query)}`)
  assert.deepEqual(await find('tag: listed AND priority: P2'), ['l2'])
  assert.deepEqual(await find('status:open tag:listed NOT priority:P1 AND -alias:l5'), ['l4', 'l3', 'l2'])
  assert.deepEqual(await find('"listed 3"'), ['l3'])
  assert.deepEqual(await find('tag:listed AND (priority:P2 OR message:("listed 4" OR "listed 5"))'), [
    'l5',
    'l4',
    'l2',
  ])
  assert.deepEqual(await find(`tag:listed createdAt>${og.server.clock.now() - 1_000}`), ['l5'])
  await og.call(globex, 'POST', byAlias('l4', '/close'))
  assert.deepEqual(await find('status:closed tag:listed'), ['l4'])
  for (const query of [
    'query=a OR',
    'query=(a',
    'query=statsu:x',
    'query=priority:P9',
    'limit=0',
    'limit=101',
    'limit=x',
    'offset=19999&limit=100',
    'sort=owner',
    'sort=constructor',
    'order=up',
  ])
    assert.equal((await list(query.replaceAll(' ', '%20'))).status, 422, query)
  assert.ok((await openAlerts(globexProd.id)).length > 0)
})

test('the key comes as GenieKey, as password of Basic, or as Bearer, and nothing else opens', async () => {
  const strange = og.team.engineers[0].token
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`
  const ask = (authorization?: string) =>
    og.server.http.inject({ url: '/v2/alerts', headers: authorization ? { authorization } : {} })
  for (const good of [`geniekey ${prod}`, basic(`:${prod}`), basic(prod), `Bearer ${prod}`])
    assert.equal((await ask(good)).statusCode, 200, good)
  for (const bad of [
    undefined,
    'GenieKey',
    `GenieKey ${prod}x`,
    basic(':'),
    `Digest ${prod}`,
    `Bearer ${strange}`,
  ]) {
    const reply = await ask(bad)
    assert.equal(reply.statusCode, 401, String(bad))
    assert.deepEqual(Object.keys(reply.json()).sort(), ['message', 'requestId', 'took'])
  }
})

test('more than OpsGenie keeps is cut and noted on the alert, never refused', async () => {
  await og.post(prod, {
    alias: 'long',
    message: '\u{1f600}'.repeat(300),
    description: 'd'.repeat(40_000),
    tags: Array.from({ length: 50 }, (_, n) => `t${n}`),
    details: { n: 5, deep: { er: true }, severity: 'warning' },
    responders: [{ type: 'team', name: 'ops' }],
    actions: ['Restart', ' Drain'],
    priority: 7,
  })
  const { data } = (await og.call(prod, 'GET', byAlias('long'))).body
  assert.equal([...data.message].length, 130)
  assert.deepEqual([data.description.length, data.tags.length, data.priority], [15_000, 20, 'P2'])
  assert.deepEqual(data.details, { n: '5', severity: 'warning' })
  const [{ leniencies }] = await og.query('select leniencies from alerts where id = $1', data.id)
  for (const word of ['message was cut', 'description was cut', 'tags', 'responders', 'actions', 'priority'])
    assert.ok(
      leniencies.some((each: string) => each.includes(word)),
      word,
    )
})

test('malformed, huge, deep and unstorable bodies get a clear answer, and nothing breaks', async () => {
  const deep = '{"message":"m","details":'.padEnd(200_000, '[')
  const nested = `{"message":"m","x":${'['.repeat(500)}${']'.repeat(500)}}`
  for (const body of ['{', '[]', 'null', '5', '"x"', '{}', '', deep, nested, '\ud800{']) {
    const answer = await og.call(prod, 'POST', '/v2/alerts', body)
    assert.equal(answer.status, 422, body.slice(0, 40))
    assert.equal(typeof answer.body.message, 'string')
  }
  const odd = ['\u0000', 'a\u0000b', '\ud800', '', ' ', '__proto__', 0, -1, 1e308, null, true, [], {}, [[1]]]
  for (const value of odd) {
    for (const field of [
      'alias',
      'message',
      'description',
      'tags',
      'details',
      'entity',
      'source',
      'note',
      'user',
      'priority',
      'responders',
    ]) {
      const answer = await og.call(prod, 'POST', '/v2/alerts', {
        message: 'odd',
        alias: 'odd',
        [field]: value,
      })
      assert.equal(answer.status, 202, `${field}: ${JSON.stringify(value)} ${JSON.stringify(answer.body)}`)
    }
    for (const [method, operation] of [
      ['PUT', 'message'],
      ['PUT', 'description'],
      ['PUT', 'priority'],
      ['POST', 'notes'],
      ['POST', 'tags'],
      ['POST', 'details'],
      ['POST', 'acknowledge'],
    ] as const) {
      const body = { [operation === 'notes' ? 'note' : operation]: value, user: value }
      const answer = await og.call(prod, method, byAlias('odd', `/${operation}`), body)
      assert.ok([202, 422].includes(answer.status), `${operation}: ${JSON.stringify(answer)}`)
    }
  }
  for (const name of ['%00', '%ff', '%zz', '%F0%9F%98%80', '..%2f', "'%3B--", 'x'.repeat(7_000)]) {
    const answer = await og.server.http.inject({
      method: 'POST',
      url: `/v2/alerts/${name}/close?identifierType=alias&identifierType=id`,
      headers: { authorization: `GenieKey ${prod}` },
    })
    assert.ok([202, 400, 404, 414].includes(answer.statusCode), `${name.slice(0, 20)}: ${answer.statusCode}`)
  }
  const large = await og.call(prod, 'POST', '/v2/alerts', { message: 'x'.repeat(33 * 1024 * 1024) })
  assert.deepEqual([large.status, typeof large.body.requestId], [413, 'string'])
})

test('what is not offered says so in the shape of the dialect and changes nothing', async () => {
  for (const [method, path] of [
    ['POST', '/v2/alerts/x/attachments'],
    ['POST', '/v2/alerts/saved-searches/'],
    ['GET', '/v2/policies/alert'],
    ['GET', '/v2/roles/x'],
  ] as const) {
    const answer = await og.call(prod, method, path, method === 'GET' ? undefined : {})
    assert.equal(answer.status, 404, path)
    assert.match(answer.body.message, /^Fortnight does not offer/)
  }
})

test('too many waiting alerts are answered 429 as throttled, which the receiver of Alertmanager tries again', async () => {
  const intake = intakeOf(og.server.platform) as { submit: Intake['submit'] }
  const { submit } = intake
  intake.submit = () => Promise.reject(new IntakeFull())
  try {
    const answer = await og.call(prod, 'POST', '/v2/alerts', { message: 'm' })
    assert.deepEqual(
      [answer.status, answer.headers['x-ratelimit-state'], answer.headers['retry-after']],
      [429, 'THROTTLED', '2'],
    )
  } finally {
    intake.submit = submit
  }
})

test('what became of a request is known to the key that asked, and for a day', async () => {
  const made = await og.post(globex, { alias: 'asked', message: 'm' })
  assert.equal((await og.outcome(globex, made)).action, 'Create')
  const { secret } = await createKey(og.server.as(og.team.administrator.actor), {
    environment: 'globex-prod',
    name: 'another',
  })
  const stranger = await og.call(secret, 'GET', `/v2/alerts/requests/${made.body.requestId}`)
  assert.equal(stranger.status, 404)
  assert.equal(stranger.headers['x-opsgenie-errortype'], 'RequestNotProcessed')
  og.server.clock.advance(26 * 3_600_000)
  await forgetOldRequests.run(systemCtx(og.server.platform, 'test'), {}, {} as never)
  assert.equal((await og.call(globex, 'GET', `/v2/alerts/requests/${made.body.requestId}`)).status, 404)
})
