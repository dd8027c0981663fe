/**
 * The promise, end to end on real parts: a real Alertmanager fires; the engineer on call is paged by a real mail, takes
 * the page with the button behind its link, works the incident, records a decision, makes the change in a recorded
 * shell, resolves; the auditor verifies the pack offline, with our verifier and with one that is not ours.
 */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { startMailServer, type MailServer } from '../../src/server/testing/mail-server.ts'
import { openBrowser } from '../web/browser.ts'
import { startAlertmanager, type Alertmanager } from './alertmanager.ts'
import { eventually } from './eventually.ts'
import { projectRoot, startServer, type RunningServer } from './running-server.ts'
import { openTerminal, run } from './terminal.ts'

const PASSWORD = 'correct horse battery staple fortnight'
const team = `version: 1
accounts:
  - { handle: bo, name: Bo Example, email: bo@example.org, roles: [engineer], zone: Europe/Stockholm }
customers:
  - { slug: acme, name: Acme }
environments:
  - { slug: acme-prod, customer: acme, name: Acme production, plan: premium, deliveryManager: ada, clusters: [{ name: workload-1, role: workload }] }
schedules:
  - slug: first-line
    name: First line
    layers:
      - { id: weekly, everyWeeks: 1, handOver: { weekday: monday, time: 09:00 }, zone: Europe/Stockholm, participants: [bo], startsOn: 2026-01-05 }
escalationPolicies:
  - { slug: default, name: Default, repeat: 0, steps: [{ afterMinutes: 0, targets: [{ schedule: first-line }] }], fallback: [{ role: administrator }] }
`

let mail: MailServer
let server: RunningServer
let browser: Browser
let desk: BrowserContext
let page: Page
let alertmanager: Alertmanager
let home: string
let env: Record<string, string>

before(async () => {
  mail = await startMailServer()
  server = await startServer({ SMTP_URL: mail.url })
  browser = await openBrowser()
  desk = await browser.newContext({ viewport: { width: 1440, height: 900 }, baseURL: server.url })
  page = await desk.newPage()
  home = mkdtempSync(join(tmpdir(), 'fortnight-home-'))
})
after(async () => {
  await browser?.close()
  await alertmanager?.stop()
  await server?.stop()
  await mail?.close()
  rmSync(home, { recursive: true, force: true })
})

/** The API as the signed-in browser calls it. */
const api = <Reply = Record<string, string>>(method: string, path: string, body?: unknown): Promise<Reply> =>
  page.evaluate(
    async ({ method, path, body }) => {
      const reply = await fetch(path, {
        method,
        ...(body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {}),
      })
      if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${await reply.text()}`)
      return (await reply.json()) as never
    },
    { method, path, body },
  )

const mailFor = (address: string) =>
  mail.received.findLast((each) => JSON.stringify(each.to).includes(address))

describe('one alert travels the whole chain', () => {
  it('begins with the one-time link: the first administrator is made in the browser', async () => {
    await page.goto(server.setupLink)
    for (const [name, value] of Object.entries({
      organisation: 'Example Operations',
      name: 'Ada Example',
      handle: 'ada',
      email: 'ada@example.org',
      password: PASSWORD,
    })) {
      await page.locator(`[name="${name}"]`).fill(value)
    }
    await page.getByRole('button').first().click()
    await page.waitForURL(`${server.url}/`)
    await page.getByText('Example Operations').first().waitFor()
  })

  it('takes the team from a document, through the command line', async () => {
    const { secret } = await api('POST', '/api/me/tokens', { name: 'chain', scopes: ['*'] })
    env = {
      FORTNIGHT_URL: server.url,
      FORTNIGHT_TOKEN: secret ?? '',
      HOME: home,
      XDG_STATE_HOME: join(home, 'state'),
    }
    writeFileSync(join(home, 'team.yaml'), team)
    const dry = await run(env, 'apply', '-f', join(home, 'team.yaml'), '--dry-run')
    assert.equal(dry.code, 0, dry.out)
    const applied = await run(env, 'apply', '-f', join(home, 'team.yaml'))
    assert.match(applied.out, /applied/, applied.out)
    const again = await run(env, 'apply', '-f', join(home, 'team.yaml'))
    assert.match(again.out, /Nothing to change/, again.out)
    assert.match((await run(env, 'who')).out, /Bo Example/)
  })

  it('pages the engineer on call by mail when a real Alertmanager fires', async () => {
    const { secret } = await api('POST', '/api/environments/acme-prod/keys', { name: 'alertmanager' })
    alertmanager = await startAlertmanager(server.url, secret ?? '')
    await alertmanager.post(
      { alertname: 'KubeNodeNotReady', severity: 'critical', cluster: 'workload-1' },
      { summary: 'Node n1 is not ready' },
    )
    const received = await eventually('a mail to the engineer on call', () => mailFor('bo@example.org'))
    assert.match(received.subject ?? '', /^\[P1\] Acme production: KubeNodeNotReady/)
  })

  it('is taken on a phone with the button behind the link, and not by opening it', async () => {
    const link = /https?:\/\/\S+\/acknowledge\/\S+/.exec(mailFor('bo@example.org')?.text ?? '')?.[0] ?? ''
    for (const method of ['HEAD', 'GET']) await fetch(link, { method })
    const { rows } = await api<{ rows: { status: string }[] }>('GET', '/api/pages')
    assert.deepEqual(
      rows.map(({ status }) => status),
      ['open'],
      'a scanner that opens the link takes nothing',
    )
    const phone = await browser.newContext({
      viewport: { width: 390, height: 844 },
      javaScriptEnabled: false,
    })
    const view = await phone.newPage()
    await view.goto(link)
    await view.getByRole('button', { name: 'Acknowledge as Bo Example' }).click()
    await view.getByText('Bo Example has it').waitFor()
    await phone.close()
  })

  it('becomes an incident by one key', async () => {
    const { rows } = await api<{ rows: { id: string }[] }>('GET', '/api/alerts')
    await page.goto(`/alerts/${rows[0]?.id}`)
    await page
      .getByRole('heading', { name: /KubeNodeNotReady/ })
      .first()
      .waitFor()
    await page.keyboard.press('i')
    await page.waitForURL(/\/incidents\/[0-9a-f-]{36}/)
  })

  it('is decided and changed in a recorded shell that keeps no secret', async () => {
    const incident = /incidents\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? ''
    const decided = await run(
      env,
      'decide',
      '-e',
      'acme-prod',
      '--incident',
      incident,
      '--what',
      'Replace node n1',
      '--why',
      'its disk fails',
      '--risk',
      'none known',
      '--rollback',
      'keep n1 cordoned',
    )
    assert.match(decided.out, /acme-prod\/D-1 decided/, decided.out)
    const shell = openTerminal(
      { ...env, PS1: 'ready$ ' },
      'record',
      '--environment',
      'acme-prod',
      '--decision',
      'D-1',
      '--incident',
      incident,
      '--no-questions',
      '--summary',
      'Replaced node n1',
    )
    await shell.sees(/recording/i)
    shell.type('echo "the answer is $((6*7))"\r')
    await shell.sees(/the answer is 42/)
    const secret = `s3cr3t-${process.pid}-value`
    shell.type(`export DB_PASSWORD=${secret}\r`)
    shell.type('exit\r')
    assert.equal(await shell.exited, 0)
    const { rows } = await api<{ rows: { id: string; state: string; kind: string; commandCount: number }[] }>(
      'GET',
      '/api/recordings',
    )
    assert.equal(rows[0]?.state, 'closed')
    assert.equal(rows[0]?.kind, 'decided')
    const cast = await page.evaluate(
      async (id) => (await fetch(`/api/recordings/${id}/cast`)).text(),
      rows[0]?.id,
    )
    assert.match(cast, /the answer is 42/)
    assert.ok(!cast.includes(secret), 'the password never left the laptop')
    await page.goto(`/operator-log/recordings/${rows[0]?.id}`)
    await page.getByText('echo "the answer is').first().waitFor()
  })

  it('resolves when the source says so, and is closed as mitigated and then resolved', async () => {
    await alertmanager.post(
      { alertname: 'KubeNodeNotReady', severity: 'critical', cluster: 'workload-1' },
      { summary: 'Node n1 is not ready' },
      new Date(Date.now() - 1_000),
    )
    await eventually('the page resolves', async () => {
      const { rows } = await api<{ rows: { status: string }[] }>('GET', '/api/pages')
      return rows[0]?.status === 'resolved' || undefined
    })
    const { rows } = await api<{ rows: { id: string }[] }>('GET', '/api/incidents')
    for (const command of [
      { kind: 'mitigate' },
      { kind: 'resolve', summary: 'The disk of n1 had failed.' },
    ]) {
      await api('POST', `/api/incidents/${rows[0]?.id}/commands`, command)
    }
  })

  it('is verified offline by the auditor, by two verifiers, and a changed byte is found', async () => {
    const day = 24 * 3_600_000
    const date = (at: number): string => new Date(at).toISOString().slice(0, 10)
    const pack = join(home, 'pack.zip')
    const packed = await run(
      env,
      'pack',
      '--environment',
      'acme-prod',
      '--from',
      date(Date.now() - 30 * day),
      '--to',
      date(Date.now() + day),
      '-o',
      pack,
    )
    assert.equal(packed.code, 0, packed.out)
    const policy = join(home, 'keys.txt')
    const headers = { authorization: `Bearer ${env['FORTNIGHT_TOKEN']}` }
    writeFileSync(policy, await (await fetch(`${server.url}/evidence/keys.txt`, { headers })).text())
    const verified = await run({}, 'verify', pack, '--policy', policy)
    assert.equal(verified.code, 0, verified.out)
    const python = process.env['FORTNIGHT_PYTHON'] ?? 'python3'
    const second = spawnSync(
      python,
      [join(projectRoot, 'acceptance/second-verifier/verify_pack.py'), pack, '--policy', policy],
      { encoding: 'utf8' },
    )
    assert.equal(second.status, 0, second.stdout + second.stderr)
    const stranger = await run({}, 'verify', pack)
    assert.equal(stranger.code, 2, 'without a policy the signer is not trusted')
    const bytes = readFileSync(pack)
    const broken = join(home, 'broken.zip')
    bytes[Math.floor(bytes.length / 2)] = (bytes[Math.floor(bytes.length / 2)] ?? 0) ^ 1
    writeFileSync(broken, bytes)
    assert.equal((await run({}, 'verify', broken, '--policy', policy)).code, 1)
  })
})
