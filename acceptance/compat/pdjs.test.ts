/** PagerDuty's own JavaScript client, unmodified, over TLS: trigger, acknowledge, resolve and a change, each as it promises. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { eventually } from '../chain/eventually.ts'
import { openCompatInstallation, type CompatInstallation } from './compat-installation.ts'
import { runClient } from './run-client.ts'
import { openTlsFront, type TlsFront } from './tls-front.ts'

let at: CompatInstallation
let front: TlsFront | undefined
let key: string

before(async () => {
  at = await openCompatInstallation()
  front = await openTlsFront(at.installation.url)
  key = await at.newKey('pdjs')
})
after(async () => {
  front?.close()
  await at?.close()
})

type Answer = { readonly status: number; readonly data: Record<string, unknown> }

/** One call, with `data` as a person writes it; the server is the one thing that is told to the client. */
const call = (name: 'trigger' | 'acknowledge' | 'resolve' | 'change', data: object): Promise<Answer> =>
  runClient(
    `const pd = require('@pagerduty/pdjs')
     pd[process.env.CALL]({ server: process.env.SERVER, data: JSON.parse(process.env.DATA) })
       .then((reply) => console.log(JSON.stringify({ status: reply.response.status, data: reply.data })))`,
    {
      CALL: name,
      SERVER: front!.host,
      DATA: JSON.stringify({ routing_key: key, ...data }),
      NODE_EXTRA_CA_CERTS: front!.authority,
    },
  ) as Promise<Answer>

const payload = { summary: 'Disk full on n1', source: 'n1.example', severity: 'critical' }

test('it triggers and somebody is told; its acknowledge stops nothing and is written down; it resolves', async () => {
  const triggered = await call('trigger', { payload, dedup_key: 'pdjs-1' })
  assert.deepEqual(triggered, {
    status: 202,
    data: { status: 'success', message: 'Event processed', dedup_key: 'pdjs-1' },
  })
  await eventually('a mail', () =>
    at.mail.received.find(({ subject }) => /^\[P1\] .*Disk full on n1/.test(subject ?? '')),
  )
  assert.equal((await call('acknowledge', { dedup_key: 'pdjs-1' })).status, 202)
  const [worked] = await at.alertsNamed(payload.summary)
  assert.deepEqual([worked?.status, worked?.page], ['open', 'open'])
  const detail = (await at.steps.get(`/api/alerts/${worked!.id}`)) as { activity: { kind: string }[] }
  assert.match(JSON.stringify(detail), /somebody works on it/)
  assert.equal((await call('resolve', { dedup_key: 'pdjs-1' })).status, 202)
  const [over] = await at.alertsNamed(payload.summary)
  assert.deepEqual([over?.status, over?.page], ['closed', 'resolved'])
})

test('without a dedup_key it is given one that resolves', async () => {
  const summary = 'Queue stuck'
  const { data } = await call('trigger', { payload: { ...payload, summary } })
  await call('resolve', { dedup_key: data['dedup_key'] })
  assert.deepEqual(
    (await at.alertsNamed(summary)).map(({ status }) => status),
    ['closed'],
  )
})

test('a change pages nobody and stands among the last changes on the page of what breaks next', async () => {
  const pages = async () => (await at.pool.query('select id from pages order by id')).rows
  const pagesBefore = await pages()
  const changed = await call('change', {
    payload: { summary: 'Deployed shop 1.2.3', source: 'pipeline', timestamp: new Date().toISOString() },
    links: [{ href: 'https://git.example/1', text: 'commit' }],
  })
  assert.deepEqual(changed, {
    status: 202,
    data: { status: 'success', message: 'Change event processed' },
  })
  assert.deepEqual(await pages(), pagesBefore)
  await call('trigger', { payload: { ...payload, summary: 'Shop is slow' }, dedup_key: 'pdjs-2' })
  const shop = await eventually('its page', async () => {
    const { rows } = await at.pool.query<{ id: string }>(
      `select p.id from pages p join page_alerts pa on pa.page_id = p.id join alerts a on a.id = pa.alert_id
       where a.name = 'Shop is slow'`,
    )
    return rows[0]
  })
  assert.match(await at.steps.view(`/pages/${shop.id}`), /Announced: Deployed shop 1\.2\.3/)
})

test('what is wrong with an event is said in the shape the client reads', async () => {
  const { status, data } = await call('trigger', { payload, routing_key: 'nobodys' })
  assert.equal(status, 400)
  assert.deepEqual(Object.keys(data).sort(), ['errors', 'message', 'status'])
})
