/** One seed: pages ring and are taken while engines die, connections are cut and the clock jumps; then what came of it is judged. */
import type pg from 'pg'
import { acknowledgePage } from '../../../src/server/operations/paging/acknowledge-page.ts'
import type { SeededTeam } from '../../../src/server/testing/seed.ts'
import type { MailServer } from '../../../src/server/testing/mail-server.ts'
import type { TestServer } from '../../../src/server/testing/test-server.ts'
import { webhookBody } from '../../../src/server/testing/alertmanager-body.ts'
import { randomFrom, type Random } from '../../../src/simulator/random.ts'
import { ENGINE, type Engines } from './engines.ts'
import { expectedOf, type Begun, type Happening, type Policy, type World } from './oracle.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const ROUNDS = 6
/** Longer than any lease: what a dead or cut off engine held is another's then. */
const LEASES_MS = 36 * SECOND
const LOOK_MS = 10
/** Nothing moved for so long: somebody who is gone holds it. */
const STUCK_MS = 600
const MOST_LOOKS = 6_000
const MOST_JUMPS = 200

export type Stage = {
  readonly server: TestServer
  readonly team: SeededTeam
  readonly mail: MailServer
  readonly engines: Engines
  readonly db: pg.Client
  readonly world: World
  /** By slug. */
  readonly policies: ReadonlyMap<string, Policy>
}
type Page = { readonly id: string; readonly policy: Policy; readonly happenings: Happening[] }
type Run = { readonly stage: Stage; readonly random: Random; readonly pages: Page[] }

const ask = async <Row extends pg.QueryResultRow>(
  { db }: Stage,
  text: string,
  ...values: unknown[]
): Promise<Row[]> => (await db.query<Row>(text, values)).rows

const happens = ({ pages }: Run, happening: Happening): void => {
  for (const { happenings } of pages) happenings.push(happening)
}

const setClock = async (run: Run, at: number): Promise<void> => {
  run.stage.server.clock.set(at)
  happens(run, { kind: 'clock', at })
  await run.stage.engines.setClock(at)
}

const dueNow = async ({ stage }: Run): Promise<string> => {
  const rows = await ask<{ what: string }>(
    stage,
    `select string_agg(id::text || attempt, ',' order by id) as what from tasks
     where lane = 'page' and due_at <= $1 and parked_at is null`,
    stage.server.clock.now(),
  )
  return rows[0]?.what ?? ''
}

/** What was tried and comes again: it was due, and is not done. */
const putBack = async ({ stage }: Run): Promise<number | undefined> => {
  const rows = await ask<{ at: string | null }>(
    stage,
    `select min(due_at) as at from tasks where kind in ('page.step', 'page.send') and attempt > 0
       and lease_until_at is null and parked_at is null and due_at <= $1`,
    stage.server.clock.now() + 10 * SECOND,
  )
  const at = rows[0]?.at
  return at === null || at === undefined ? undefined : Number(at)
}

/** Until nothing is due; time passes where what is due is held by somebody who is gone. */
const settle = async (run: Run): Promise<void> => {
  let last = ''
  let sinceMs = performance.now()
  for (let looks = 0; looks < MOST_LOOKS; looks++) {
    const what = await dueNow(run)
    if (what === '') {
      const again = await putBack(run)
      if (again === undefined) return happens(run, { kind: 'settled' })
      await setClock(run, again)
      continue
    }
    if (what !== last) [last, sinceMs] = [what, performance.now()]
    else if (performance.now() - sinceMs > STUCK_MS) {
      await setClock(run, run.stage.server.clock.now() + LEASES_MS)
      sinceMs = performance.now()
    }
    await new Promise((next) => setTimeout(next, LOOK_MS))
  }
  throw new Error(`this is due and never done: ${last}`)
}

/** One alert that pages nobody by itself, sent to a policy: a page of its own. */
const ring = async (run: Run, name: string): Promise<void> => {
  const { server, team, policies } = run.stage
  const slug = run.random.pick([...policies.keys()])
  await server.http.inject({
    method: 'POST',
    url: '/integrations/alertmanager',
    headers: { authorization: `Bearer ${team.acmeProd.key}`, 'content-type': 'application/json' },
    payload: JSON.stringify(webhookBody({ name, severity: 'none' })),
  })
  const [alert] = await ask<{ id: string }>(run.stage, 'select id from alerts where name = $1', name)
  const reply = await server.http.inject({
    method: 'POST',
    url: `/api/alerts/${alert?.id}/escalate`,
    headers: { authorization: `Bearer ${team.administrator.token}` },
    payload: { policy: slug },
  })
  if (reply.statusCode >= 300) throw new Error(reply.body)
  const [page] = await ask<{ id: string }>(
    run.stage,
    'select page_id as id from page_alerts where alert_id = $1',
    alert?.id,
  )
  run.pages.push({ id: page?.id ?? '', policy: policies.get(slug) as Policy, happenings: [] })
}

const take = async ({ stage, random, pages }: Run): Promise<void> => {
  const page = random.pick(pages)
  if (page.happenings.some(({ kind }) => kind === 'taken')) return
  await acknowledgePage(stage.server.as(stage.team.administrator.actor), { pageId: page.id })
  const [event] = await ask<{ version: number }>(
    stage,
    `select version from events where stream_id = $1 and type = 'page.acknowledged'`,
    page.id,
  )
  page.happenings.push({ kind: 'taken', version: event?.version ?? 0 })
}

/** About half of the connections of the engines, and none of the server in this process. */
const cutConnections = ({ stage, random }: Run): Promise<unknown> =>
  ask(
    stage,
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and application_name = $1 and hashtextextended(pid::text, $2) % 2 = 0`,
    ENGINE,
    random.between(1, 1_000_000),
  )

const jump = ({ random }: Run): number => {
  if (random.chance(0.15)) return -random.between(1, 40) * MINUTE
  if (random.chance(0.15)) return random.between(1, 3) * 60 * MINUTE
  return random.between(5, 400) * SECOND
}

const round = async (run: Run, seed: number, number: number): Promise<void> => {
  const { random, stage } = run
  const toRing = number === 0 ? 2 : random.between(0, 2)
  const faults = [
    ...(random.chance(0.25) ? [() => stage.engines.kill(random.between(0, 2))] : []),
    ...(random.chance(0.3) ? [() => cutConnections(run)] : []),
  ]
  const after = random.between(0, 60)
  const moved = setClock(run, stage.server.clock.now() + jump(run))
  const broken = new Promise((next) => setTimeout(next, after)).then(async () => {
    for (const fault of faults) await fault()
  })
  await moved
  for (let n = 0; n < toRing; n++) await ring(run, `Seed${seed}Round${number}Alert${n}`)
  if (random.chance(0.5)) await take(run)
  await broken
  await settle(run)
}

/** To the next that is due, until nothing is left. */
const runOut = async (run: Run): Promise<void> => {
  for (let jumps = 0; jumps < MOST_JUMPS; jumps++) {
    const [next] = await ask<{ at: string | null }>(
      run.stage,
      `select min(due_at) as at from tasks where kind in ('page.step', 'page.send') and parked_at is null`,
    )
    if (!next || next.at === null) return
    await setClock(run, Math.max(run.stage.server.clock.now(), Number(next.at)))
    await settle(run)
  }
  throw new Error('the pages come to no end')
}

const intentsOf = (stage: Stage, pageId: string) =>
  ask<{ id: string; what: string; channel: string; status: string; bundle: string | null }>(
    stage,
    `select i.id, i.channel, i.status, s.bundle_id as bundle,
       i.round || '.' || i.step || ' ' || i.account_id || ' ' || i.channel ||
       case when i.channel = 'screen' then '' else ' ' || i.position end || ' ' ||
       coalesce(i.due_at::text, 'at once') as what
     from page_intents i left join page_sends s on s.intent_id = i.id where i.page_id = $1 order by what`,
    pageId,
  )

const judgePage = async ({ stage }: Run, { id, policy, happenings }: Page): Promise<string[]> => {
  const begun = await ask<Begun>(
    stage,
    `select e.version, e.at::float8 as at, (i.round)::int as round, (i.step)::int as step from events e
     join lateral (select round, step from page_intents where page_id = e.stream_id and intended_at = e.at limit 1) i on true
     where e.stream_id = $1 and e.type = 'page.step-began' order by e.version`,
    id,
  )
  const { promises, faults } = expectedOf(stage.world, policy, begun, happenings)
  const intents = await intentsOf(stage, id)
  const found = intents.map(({ what }) => what).sort()
  const mailed = new Map(Map.groupBy(stage.mail.received, ({ messageId }) => messageId?.slice(1, 37) ?? ''))
  const isTaken = happenings.some(({ kind }) => kind === 'taken')
  const mails = intents.filter(({ channel }) => channel === 'email')
  return [
    ...faults,
    ...promises.filter((each) => !found.includes(each)).map((each) => `not promised: ${each}`),
    ...found.filter((each) => !promises.includes(each)).map((each) => `promised to nobody's wish: ${each}`),
    ...mails
      .filter(({ status }) => status !== 'sent' && !(isTaken && status === 'cancelled'))
      .map(({ what, status }) => `${what} ended as ${status}`),
    ...mails
      .filter(({ id: intent, status, bundle }) => status === 'sent' && !mailed.has(bundle ?? intent))
      .map(({ what }) => `${what} counts as sent, and no mail of it came`),
  ].map((fault) => `page ${id}: ${fault}`)
}

const REPEATED = /may have received this message before/

/** @returns every broken promise in a sentence */
export const playSeed = async (stage: Stage, seed: number): Promise<string[]> => {
  const run: Run = { stage, random: randomFrom(seed), pages: [] }
  stage.mail.received.length = 0
  for (let number = 0; number < ROUNDS; number++) await round(run, seed, number)
  await runOut(run)
  const faults = (await Promise.all(run.pages.map((page) => judgePage(run, page)))).flat()
  const claims = await ask<{ intent_id: string; status: string }>(
    stage,
    'delete from claims_seen where status <> $1 returning intent_id, status',
    'open',
  )
  const repeats = [...Map.groupBy(stage.mail.received, ({ messageId }) => messageId)].flatMap(
    ([id, mails]) =>
      mails.slice(1).every(({ text }) => REPEATED.test(text ?? ''))
        ? []
        : [`${id} came twice and does not say so`],
  )
  return [
    ...faults,
    ...claims.map(({ intent_id, status }) => `${intent_id} was claimed when its page was ${status}`),
    ...repeats,
  ]
}

/** Looked at when the claim commits: nothing may be claimed of a page that somebody had by then. */
export const CLAIMS_SEEN = `
  create table claims_seen (intent_id uuid not null, status text not null);
  comment on table claims_seen is 'class: machinery';
  create function see_claim() returns trigger language plpgsql as $$
  begin
    insert into claims_seen select i.id, p.status from page_intents i join pages p on p.id = i.page_id where i.id = new.intent_id;
    return null;
  end $$;
  create constraint trigger see_claim after insert or update of attempt on page_sends deferrable initially deferred
    for each row when (new.lease_until_at is not null) execute function see_claim();`
