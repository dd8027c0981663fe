// From an alert to somebody's mail, alone and while a large audit pack is being built: evidence must never hold up a page.
// The intent is written in the webhook's own transaction, so the webhook's answer is the latest instant of its commit.
import { setTimeout as pause } from 'node:timers/promises'
import { startMailServer, type MailServer } from '../../src/server/testing/mail-server.ts'
import { judge, median, percentile, printTable, tenths, whole } from './figures.ts'
import { bringTeam, buildEverything, call, newFolder, removeFolder, startFortnight } from './fortnight.ts'
import { loadLine, machineLine } from './machine.ts'

const PAGES = Number(process.env['BENCH_PAGES'] ?? 100)
const ENTRIES = Number(process.env['BENCH_ENTRIES'] ?? 20_000)
const AT_ONCE = 32
const APART_MS = 50
const MAIL_PATIENCE_MS = 10_000
const DAY_MS = 86_400_000

type Door = { readonly url: string; readonly token: string; readonly key: string }
type Times = { readonly committedMs: number; readonly mailedMs: number }

const decision = (number: number) => ({
  environment: 'acme-prod',
  what: `Raise the memory limit of orders to ${number} MiB`,
  why: 'It was killed for want of memory twice this week.',
  options: [],
  risk: 'The node holds fewer pods.',
  rollback: 'Set the old limit.',
  validUntil: null,
  cooperation: { kind: 'internal' },
})

/** A log that is worth an audit: decisions, each an act of its own. */
const fillLog = async ({ url, token }: Door): Promise<void> => {
  let next = 0
  const write = async (): Promise<void> => {
    while (next < ENTRIES) await call(url, '/api/decisions', { token, body: decision(next++) })
  }
  await Promise.all(Array.from({ length: AT_ONCE }, write))
}

const waitForMail = async (mail: MailServer, word: string): Promise<void> => {
  const until = performance.now() + MAIL_PATIENCE_MS
  while (!mail.received.some(({ subject }) => subject?.includes(word))) {
    if (performance.now() > until) throw new Error(`no mail about ${word} came within ${MAIL_PATIENCE_MS} ms`)
    await pause(1)
  }
}

/** Rings one page, waits for its mail, and takes it, so that the next alert rings anew. */
const page = async ({ url, token, key }: Door, mail: MailServer, alertname: string): Promise<Times> => {
  const labels = { alertname, severity: 'critical', cluster: 'workload-1' }
  const alerts = [{ status: 'firing', labels, annotations: {}, startsAt: new Date().toISOString() }]
  const startedAt = performance.now()
  await call(url, '/integrations/alertmanager', { token: key, body: { version: '4', alerts } })
  const committedMs = performance.now() - startedAt
  await waitForMail(mail, alertname)
  const mailedMs = performance.now() - startedAt
  mail.received.length = 0
  type Pages = { readonly rows: readonly { readonly id: string }[] }
  const { reply } = await call<Pages>(url, '/api/pages?status=open&limit=20', { token })
  for (const { id } of reply.rows) await call(url, `/api/pages/${id}/acknowledge`, { token, body: {} })
  return { committedMs, mailedMs }
}

const pageSome = async (door: Door, mail: MailServer, label: string): Promise<Times[]> => {
  const times: Times[] = []
  for (let number = 0; number < PAGES; number++) {
    times.push(await page(door, mail, `${label}Number${number}x`))
    await pause(APART_MS)
  }
  return times
}

type Pack = { readonly id: string; readonly status: string; readonly entries: number | null }

const untilSequenced = async (door: Door): Promise<void> => {
  for (;;) {
    const built = await buildPack(door)
    if ((built.entries ?? 0) >= ENTRIES) return
    await pause(500)
  }
}

const buildPack = async ({ url, token }: Door): Promise<Pack> => {
  const range = { from: Date.now() - 30 * DAY_MS, to: Date.now() }
  const body = { environments: ['acme-prod'], ...range, purpose: 'Bench' }
  let { reply } = await call<Pack>(url, '/api/evidence/packs', { token, body })
  while (reply.status === 'building') {
    await pause(100)
    reply = (await call<Pack>(url, `/api/evidence/packs/${reply.id}`, { token })).reply
  }
  if (reply.status !== 'ready') throw new Error(`the pack ended as ${reply.status}`)
  return reply
}

/** Builds one pack after the other until it is told to stop. @returns how many, and of how many entries the last was */
const buildPacks = (door: Door): (() => Promise<{ packs: number; entries: number }>) => {
  let going = true
  const building = (async () => {
    let packs = 0
    let entries = 0
    while (going) {
      entries = (await buildPack(door)).entries ?? 0
      packs += 1
    }
    return { packs, entries }
  })()
  return () => {
    going = false
    return building
  }
}

const row = (name: string, times: readonly Times[]): string[] => {
  const committed = times.map(({ committedMs }) => committedMs)
  const mailed = times.map(({ mailedMs }) => mailedMs)
  return [
    name,
    tenths(median(committed)),
    tenths(percentile(committed, 0.99)),
    tenths(median(mailed)),
    tenths(percentile(mailed, 0.99)),
    tenths(Math.max(...mailed)),
  ]
}

console.log(`${machineLine()}; ${loadLine()}`)
await buildEverything()
const folder = newFolder()
const mail = await startMailServer()
// One person is paged a hundred times: what is measured is the way, not the patience after the third message.
const fortnight = await startFortnight(folder, { SMTP_URL: mail.url, PAGE_BUNDLING: 'off' })
try {
  const { token, keyOf } = await bringTeam(fortnight)
  const door = { url: fortnight.url, token, key: await keyOf('acme-prod') }
  await fillLog(door)
  await untilSequenced(door)
  const quiet = await pageSome(door, mail, 'Quiet')
  const stop = buildPacks(door)
  const packing = await pageSome(door, mail, 'Packing')
  const { packs, entries } = await stop()
  printTable(
    ['', 'intent p50 ms', 'intent p99 ms', 'mail p50 ms', 'mail p99 ms', 'mail longest ms'],
    [row('nothing else happens', quiet), row('packs are being built', packing)],
  )
  console.log(
    `${PAGES} pages each; ${packs} packs of ${whole(entries)} entries built meanwhile; ${loadLine()}`,
  )
  const committed = packing.map(({ committedMs }) => committedMs)
  const mailed = packing.map(({ mailedMs }) => mailedMs)
  judge([
    {
      what: 'alert to page intent while packs are built, p99',
      measured: percentile(committed, 0.99),
      atMost: 50,
      unit: 'ms',
    },
    { what: 'alert to first mail, longest', measured: Math.max(...mailed), atMost: 1_000, unit: 'ms' },
  ])
} finally {
  await fortnight.stop()
  await mail.close()
  removeFolder(folder)
}
