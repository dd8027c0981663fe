/**
 * Mail scanners, previews and prefetching browsers open whatever looks like a link. Every address that ever stands in a
 * message, and every GET that is open to strangers, is opened as they do, and not one row of the database changes. The
 * kinds are read from the sources and from what is bound, so a new one without a case here fails.
 */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { linkIn, pagingTest, type PagingTest } from './operations/paging/paging.fixture.ts'
import { acknowledgePage } from './operations/paging/acknowledge-page.ts'
import { BUNDLE_PURPOSE } from './operations/paging/bundles/bundle-message.ts'
import { insertBundles } from './operations/paging/bundles/bundle-store.ts'
import { createCalendarFeed, revokeCalendarFeed } from './operations/on-call/calendars/change-feeds.ts'
import { createSchedule } from './operations/on-call/create-schedule.ts'
import { offerSwap } from './operations/on-call/swaps/offer-swap.ts'
import { SWAP_PURPOSE } from './operations/on-call/swaps/tell-of-swap.ts'
import { inviteAccount } from './people/accounts/invite-account.ts'
import { acceptInvitation } from './people/accounts/accept-invitation.ts'
import {
  issueOneTimeToken,
  newSecret,
  spendOneTimeToken,
  withTokens,
} from './people/accounts/one-time-token.ts'
import { boundRoutes } from './platform/http/bind.ts'
import { testServer, type TestServer } from './testing/test-server.ts'
import { ensureInstallation, setupLink } from './people/index.ts'

let paging: PagingTest
let fresh: TestServer
let issuer: Server

/** As much of an issuer as a browser needs to be sent to it (OpenID Connect Discovery 1.0). */
const openIssuer = async (): Promise<string> => {
  let url = ''
  issuer = createServer((_request, response) => {
    const about = { issuer: url, authorization_endpoint: `${url}/auth`, token_endpoint: `${url}/token` }
    response.writeHead(200, { 'content-type': 'application/json' }).end(
      JSON.stringify({
        ...about,
        jwks_uri: `${url}/keys`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
      }),
    )
  })
  await new Promise<void>((listening) => issuer.listen(0, '127.0.0.1', listening))
  url = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}`
  return url
}

before(async () => {
  const OIDC_ISSUER = await openIssuer()
  paging = await pagingTest({ env: { OIDC_ISSUER, OIDC_CLIENT_ID: 'fortnight' } })
  fresh = await testServer()
})
after(async () => {
  await paging?.stop()
  await fresh?.stop()
  issuer?.closeAllConnections()
  await new Promise((closed) => issuer?.close(closed))
})

/** Every row of every table, so that nothing at all may change unseen. */
const everything = async ({ platform }: TestServer): Promise<Record<string, string>> => {
  const { pool } = platform.database
  const { rows } = await pool.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and n.nspname = current_schema() order by 1`,
  )
  const digests: Record<string, string> = {}
  for (const { name } of rows) {
    const { rows: found } = await pool.query(
      `select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as md5 from "${name}" t`,
    )
    digests[name] = found[0].md5
  }
  return digests
}

/** What one kind of link looks like at each stage of its life: waiting, used, expired or never issued. */
type Case = () => Promise<readonly string[]>

const pathOf = (link: string): string => {
  const { pathname, search } = new URL(link, 'http://fortnight.test')
  return pathname + search
}
const unknown = newSecret('')

const acknowledgeLinks: Case = async () => {
  await paging.fire(paging.team.acmeProd, { name: 'Scanned' })
  await paging.drain()
  const waiting = linkIn(paging.mail.received.at(-1))
  await paging.fire(paging.team.globexProd, { name: 'Taken by somebody else' })
  await paging.drain()
  const page = (await paging.pagesOf(paging.team.globexProd)).at(-1)!
  await acknowledgePage(paging.server.as(paging.team.engineers[1].actor), { pageId: page.id })
  return [waiting, linkIn(paging.mail.received.at(-1)), `/acknowledge/${unknown}`]
}

const invitationLinks: Case = async () => {
  const { administrator, engineers } = paging.team
  const invite = async (accountId: string) =>
    new URL((await inviteAccount(paging.server.as(administrator.actor), { accountId })).link)
  const waiting = await invite(engineers[2].id)
  const used = await invite(engineers[1].id)
  const request = { headers: { 'user-agent': 'test' }, ip: '127.0.0.1' } as never
  const anonymous = paging.server.as({ kind: 'anonymous', via: 'web' })
  const input = { token: used.searchParams.get('token') ?? '', password: newSecret('long enough ') }
  await acceptInvitation(anonymous, input, request)
  return [pathOf(waiting.href), pathOf(used.href), `/invitation?token=${unknown}`]
}

const bundleLinks: Case = async () => {
  const { platform } = paging.server
  const bundleId = platform.ids.next(platform.clock.now())
  const pages = await paging.pagesOf(paging.team.acmeProd)
  await platform.database.db.transaction().execute((db) =>
    insertBundles(
      db,
      pages.map(({ id: pageId }) => ({ bundleId, pageId })),
      platform.clock.now(),
    ),
  )
  const accountId = paging.team.engineers[0].id
  const about = { purpose: BUNDLE_PURPOSE, accountId, subjectId: bundleId, validForMs: 60_000 }
  const waiting = await withTokens(platform, (tx) => issueOneTimeToken(tx, about))
  const used = await withTokens(platform, (tx) => issueOneTimeToken(tx, about))
  await withTokens(platform, (tx) => spendOneTimeToken(tx, BUNDLE_PURPOSE, used))
  const links = [`/bundles/${waiting}`, `/bundles/${used}`]
  for (const url of links) assert.equal((await paging.server.http.inject({ url })).statusCode, 200)
  return [...links, `/bundles/${unknown}`]
}

/** A calendar that is read, one that was revoked, and one that nobody made. */
const calendarLinks: Case = async () => {
  const ctx = paging.server.as(paging.team.engineers[0].actor)
  const [read, revoked] = [
    await createCalendarFeed(ctx, { of: 'person' }),
    await createCalendarFeed(ctx, { of: 'person' }),
  ]
  await revokeCalendarFeed(ctx, { feed: revoked.feed.id })
  assert.equal((await paging.server.http.inject({ url: pathOf(read.url) })).statusCode, 200)
  return [pathOf(read.url), pathOf(revoked.url), `/calendars/${unknown}.ics`]
}

/** A swap that waits, one that was answered, and a link that nobody made. */
const swapLinks: Case = async () => {
  const { platform, http } = paging.server
  const [bo, cleo] = paging.team.engineers
  const layers = [
    {
      kind: 'weekly' as const,
      id: 'primary',
      everyWeeks: 1,
      handOver: { weekday: 1 as const, time: '09:00' },
      zone: 'Europe/Stockholm',
      participants: [cleo.id, bo.id],
      startsOn: '2026-11-09',
    },
  ]
  const asked = { slug: 'swapped', name: 'Swapped', layers }
  await createSchedule(paging.server.as(paging.team.deliveryManager.actor), asked)
  const give = { from: Date.UTC(2026, 10, 17), to: Date.UTC(2026, 10, 18) }
  const swap = await offerSwap(paging.server.as(bo.actor), { schedule: 'swapped', with: cleo.handle, give })
  await paging.drain()
  const [link = ''] = /https?:\/\/\S+\/swaps\/\S+/.exec(paging.mailsTo(cleo).at(-1)?.text ?? '') ?? []
  const about = { purpose: SWAP_PURPOSE, accountId: cleo.id, subjectId: swap.id, validForMs: 60_000 }
  const used = await withTokens(platform, (tx) => issueOneTimeToken(tx, about))
  await withTokens(platform, (tx) => spendOneTimeToken(tx, SWAP_PURPOSE, used))
  const links = [pathOf(link), `/swaps/${used}`]
  for (const url of links) assert.equal((await http.inject({ url })).statusCode, 200)
  return [...links, `/swaps/${unknown}`]
}

const pageLinks: Case = async () =>
  (await paging.pagesOf(paging.team.acmeProd)).slice(-1).map(({ id }) => `/pages/${id}`)

/** By the place that a message or a browser is sent to, as the sources write it behind the base address. */
const cases: Readonly<Record<string, Case>> = {
  '/': async () => ['/'],
  '/acknowledge/': acknowledgeLinks,
  '/bundles/': bundleLinks,
  '/swaps/': swapLinks,
  '/calendars/': calendarLinks,
  '/on-call': async () => ['/on-call'],
  '/invitation': invitationLinks,
  '/setup': async () => [`/setup?token=${unknown}`, '/setup'],
  '/pages/': pageLinks,
  '/sign-in/oidc': async () => ['/sign-in/oidc', '/sign-in/oidc?to=/incidents'],
  '/sign-in/oidc/callback': async () => [
    '/sign-in/oidc/callback',
    `/sign-in/oidc/callback?state=${unknown}&code=guessed`,
    '/sign-in/oidc/callback?error=access_denied',
  ],
  '/operator-log/': async () => [`/operator-log/${unknown}`],
  '/operator-log/recordings/': async () => [`/operator-log/recordings/${unknown}`],
  // Told to gateways, which post there; a POST without a signature is another test's matter.
  '/telephony/gateway': async () => [
    '/telephony/gateway',
    '/telephony/twilio/messages',
    '/chat/slack/actions',
    `/telephony/twilio/keys/${unknown}`,
    `/telephony/twilio/status/${unknown}`,
  ],
  '/telephony/twilio/calls/': async () => [
    '/telephony/twilio/calls',
    '/telephony/gateway/calls',
    `/telephony/twilio/calls/${unknown}/message`,
    ...['screen', 'key', 'passed'].map((what) => `/telephony/twilio/calls/${unknown}/0/${what}`),
  ],
  '/chat/mattermost/actions': async () => ['/chat/mattermost/actions'],
  '/health/ready': async () => ['/health/ready', '/health/live', '/metrics'],
  '/api/alarms': async () => ['/api/alarms'],
  '/schema/configuration': async () => ['/schema/configuration.json'],
}

const scan = async (server: TestServer, urls: readonly string[]): Promise<void> => {
  for (const url of urls)
    for (const method of ['GET', 'HEAD', 'GET'] as const) {
      const headers = { accept: 'text/html,*/*', 'user-agent': 'scanner', 'sec-purpose': 'prefetch' }
      const reply = await server.http.inject({ method, url, headers })
      assert.notEqual(reply.statusCode, 500, `${method} ${url}: ${reply.body}`)
      assert.ok(!String(reply.headers['set-cookie'] ?? '').includes('fortnight_session'), url)
    }
}

test('whoever opens a link of any kind, at any stage of its life, with GET and HEAD, changes nothing', async (t) => {
  for (const [kind, linksOf] of Object.entries(cases))
    await t.test(kind, async () => {
      const links = await linksOf()
      assert.ok(links.length > 0)
      // What opening brings along once (a schema compiled, an issuer discovered) is no row either.
      const before = await everything(paging.server)
      await scan(paging.server, links)
      assert.deepEqual(await everything(paging.server), before)
    })
})

test('the setup link of a first start waits for its button, however often it is opened', async () => {
  await ensureInstallation(fresh.platform)
  const link = pathOf((await setupLink(fresh.platform)) ?? '')
  const before = await everything(fresh)
  await scan(fresh, [link])
  assert.deepEqual(await everything(fresh), before)
  assert.equal((await fresh.http.inject({ url: link })).statusCode, 200)
})

test('every address that the sources write into a message, and every GET open to strangers, has a case', () => {
  const folder = import.meta.dirname
  const written = globSync('**/*.ts', {
    cwd: folder,
    exclude: ['**/*.test.ts', '**/*.fixture.ts', 'testing/**'],
  })
    .flatMap((file) => [...readFileSync(join(folder, file), 'utf8').matchAll(/baseUrl\}(\/[\w/-]*)/gi)])
    .map(([, path = '']) => path)
  assert.ok(written.includes('/acknowledge/') && written.includes('/invitation'), 'the sources are read')
  const open = boundRoutes(paging.server.http)
    .filter(({ route }) => route.method === 'GET' && route.permission === 'public')
    .map(({ route }) => route.path.replace(/:.*$/, ''))
  // Looked at with a program, never sent to anybody: what is public of the ledger, and what signing in offers.
  const forPrograms = (path: string): boolean => /^\/(evidence|api\/sign-in)/.test(path)
  const missing = [...new Set([...written, ...open])].filter(
    (path) => !forPrograms(path) && !(path in cases) && !(path.replace(/\.json$/, '') in cases),
  )
  assert.deepEqual(missing, [])
})
