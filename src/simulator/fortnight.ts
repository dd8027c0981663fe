/** Two weeks of a team: alerts fire, somebody acknowledges or does not, incidents are worked, changes decided and recorded. */
import type { Stage } from '../server/stage.ts'
import { ALERT_KINDS, fire, type AlertKind, type FiredAlert } from './alerts.ts'
import type { Play } from './play.ts'
import type { Players } from './players.ts'
import type { Random } from './random.ts'
import { ENGINEERS, ENVIRONMENTS, type Environment } from './team.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const TAKES_PAGES: readonly string[] = [...ENGINEERS, 'ada', 'fay', 'gus']

type Scene = {
  readonly stage: Stage
  readonly play: Play
  readonly players: Players
  readonly random: Random
}

const onCallAt = async ({ players }: Scene): Promise<string> => {
  const { rows } = (await players.as('ada', { method: 'GET', url: '/api/on-call' })) as {
    rows: { onCall: { kind: string; person?: { handle?: string; name: string } } }[]
  }
  const name = rows[0]?.onCall.person?.name.split(' ', 1)[0]?.toLowerCase()
  return name && (ENGINEERS as readonly string[]).includes(name) ? name : 'ada'
}

const acknowledge = async ({ players }: Scene, environment: Environment, who: string): Promise<void> => {
  const page = await players.openPageOf(environment)
  if (page) await players.as(who, { method: 'POST', url: `/api/pages/${page.id}/acknowledge` })
}

const step = (scene: Scene, who: string, incidentId: string, command: object) =>
  scene.players.as(who, { method: 'POST', url: `/api/incidents/${incidentId}/commands`, body: command })

/** Observe, orient, decide, act: the whole loop under a decision, or by breaking the glass. */
const workIncident = async (
  scene: Scene,
  environment: Environment,
  alert: FiredAlert,
  who: string,
): Promise<void> => {
  const { players, random } = scene
  const found = await players.alertOf(environment, alert.fingerprint)
  if (!found) return
  const incident = await players.as(who, {
    method: 'POST',
    url: '/api/incidents',
    body: { alertId: found.id },
  })
  const incidentId = String(incident['id'])
  const { kind } = alert
  await players.record(
    who,
    environment,
    kind,
    { kind: 'look', incidentId },
    { summary: `Looked at ${kind.name}`, changedSomething: false },
  )
  const pinned = (await step(scene, who, incidentId, {
    kind: 'pin',
    about: 'output',
    text: `${kind.summary}; it began ten minutes after the last deploy`,
  })) as { pins: { id: string }[] }
  const guessed = (await step(scene, who, incidentId, {
    kind: 'propose-hypothesis',
    statement: kind.cause,
  })) as { hypotheses: { id: string }[] }
  const hypothesisId = guessed.hypotheses[0]?.id
  await step(scene, who, incidentId, {
    kind: 'add-evidence',
    hypothesisId,
    pinId: pinned.pins[0]?.id,
    side: 'for',
  })
  await step(scene, who, incidentId, {
    kind: 'state-impact',
    severity: 2,
    impact: 'Logins take several seconds; no data is lost',
  })
  if (random.chance(0.2)) {
    await players.record(
      who,
      environment,
      kind,
      { kind: 'break-glass', why: `${kind.summary}, and nobody who may decide can be reached`, incidentId },
      { summary: kind.change },
    )
  } else {
    const decision = await players.decide(who, environment, kind, { incidentId })
    await players.record(
      who,
      environment,
      kind,
      { kind: 'decided', decision: decision.number, incidentId },
      { summary: kind.change },
    )
  }
  await step(scene, who, incidentId, { kind: 'judge-act', helped: 'yes' })
  await step(scene, who, incidentId, { kind: 'judge-hypothesis', hypothesisId, status: 'supported' })
  await step(scene, who, incidentId, { kind: 'mitigate' })
  scene.play.cue(scene.stage.now() + random.between(20, 90) * MINUTE, `resolve ${kind.name}`, async () => {
    await step(scene, who, incidentId, { kind: 'resolve', summary: `It was ${kind.cause}. ${kind.change}.` })
  })
}

const alertStory = (scene: Scene, environment: Environment, kind: AlertKind, at: number): void => {
  const { play, players, random, stage } = scene
  play.cue(at, `${kind.name} fires in ${environment}`, async () => {
    const alert = fire(random, kind, at)
    if (!(await players.send(environment, alert, 'firing'))) return
    for (const repeat of [1, 2]) {
      play.cue(
        at + repeat * 5 * MINUTE,
        `${kind.name} fires still`,
        async () => void (await players.send(environment, alert, 'firing')),
      )
    }
    const lasts = random.between(25, 150) * MINUTE
    play.cue(
      at + lasts,
      `${kind.name} is over`,
      async () => void (await players.send(environment, alert, 'resolved')),
    )
    const pages = kind.severity === 'critical' || kind.severity === 'warning'
    if (!pages) return
    // Mostly within minutes; sometimes the second step finds somebody else first.
    const patience = random.chance(0.85) ? random.between(1, 7) : random.between(11, 20)
    play.cue(at + patience * MINUTE, `${kind.name} is acknowledged`, async () => {
      const who = await onCallAt(scene)
      await acknowledge(scene, environment, who)
      if (kind.change && random.chance(0.6))
        play.cue(stage.now() + 3 * MINUTE, `${kind.name} is worked`, () =>
          workIncident(scene, environment, alert, who),
        )
    })
  })
}

/** A planned change in office hours: decided together with the customer, or proposed and left for Thursday. */
const changeStory = (scene: Scene, environment: Environment, at: number): void => {
  const { play, players, random } = scene
  play.cue(at, `a change in ${environment}`, async () => {
    const kind = random.pick(ALERT_KINDS.filter((one) => one.change !== ''))
    const who = random.pick(ENGINEERS)
    const decision = await players.decide(who, environment, kind)
    if (random.chance(0.3))
      await players.as(who, {
        method: 'POST',
        url: `/api/decisions/${decision.id}/amend`,
        body: { risk: 'a restart of one pod', reason: 'tried it in staging' },
      })
    await players.record(
      who,
      environment,
      kind,
      { kind: 'decided', decision: decision.number },
      { summary: `${kind.change}, as decided in ${decision.number}` },
    )
  })
}

const glassStory = (scene: Scene, at: number): void => {
  const { play, players } = scene
  play.cue(at, 'broken glasses are written up and reviewed', async () => {
    const { rows } = (await players.as('fay', {
      method: 'GET',
      url: '/api/decisions?owed=true&limit=200',
    })) as { rows: { id: string; owed: { what: string } | null; openedBy: { name: string } }[] }
    for (const row of rows.slice(1)) {
      const url = `/api/decisions/${row.id}`
      const opener = row.openedBy.name.split(' ', 1)[0]?.toLowerCase() ?? 'ada'
      const words = {
        what: 'Did what the run book says',
        why: 'The customer could not work',
        options: [],
        risk: 'none known',
        rollback: 'none needed',
        validUntil: null,
        result: 'The alert went away',
        cooperation: { kind: 'internal' },
      }
      if (row.owed?.what === 'write-up')
        await players.as(opener, { method: 'POST', url: `${url}/write-up`, body: words })
      await players.as('fay', {
        method: 'POST',
        url: `${url}/review`,
        body: { verdict: 'accepted', note: 'Right call.' },
      })
    }
  })
}

const releaseStory = (scene: Scene, at: number): void => {
  const { play, players } = scene
  play.cue(at, 'summaries are released to customers', async () => {
    const { rows } = (await players.as('fay', {
      method: 'GET',
      url: '/api/operator-log?category=change&limit=50',
    })) as { rows: { id: string; what: string; released: boolean }[] }
    for (const row of rows.filter(({ released }) => !released).slice(0, 5)) {
      await players.as('fay', {
        method: 'POST',
        url: `/api/operator-log/${row.id}/release`,
        body: { summary: `${row.what}. Your applications were not interrupted.` },
      })
    }
  })
}

/** Twice a week: everybody who takes pages, and every environment, is rung once, and takes it. */
const drillStory = (scene: Scene, at: number): void => {
  const { play, players, stage } = scene
  const ring = async (who: string, body: object): Promise<void> => {
    const drill = await players.as('ada', { method: 'POST', url: '/api/drills', body })
    await stage.settle()
    const { page } = await players.as('ada', { method: 'GET', url: `/api/drills/${String(drill['id'])}` })
    if (page) await players.as(who, { method: 'POST', url: `/api/pages/${String(page)}/acknowledge` })
    await stage.settle()
  }
  play.cue(at, 'drills ring', async () => {
    const { rows } = (await players.as('ada', { method: 'GET', url: '/api/accounts?limit=200' })) as {
      rows: { id: string; handle: string }[]
    }
    for (const { id: person, handle } of rows.filter((row) => TAKES_PAGES.includes(row.handle)))
      await ring(handle, { environment: ENVIRONMENTS[0], person })
    for (const environment of ENVIRONMENTS) await ring(await onCallAt(scene), { environment })
  })
}

/** @param days how many days to play, from `start` (a Monday 00:00 UTC) on */
export const planFortnight = (scene: Scene, start: number, days: number): void => {
  const { random } = scene
  for (let day = 0; day < days; day++) {
    const midnight = start + day * DAY
    const weekend = day % 7 >= 5
    for (let n = random.between(1, weekend ? 2 : 4); n > 0; n--) {
      alertStory(
        scene,
        random.pick(ENVIRONMENTS),
        random.pick(ALERT_KINDS),
        midnight + random.between(0, 23 * 60) * MINUTE,
      )
    }
    if (weekend) continue
    for (let n = random.between(0, 2); n > 0; n--)
      changeStory(scene, random.pick(ENVIRONMENTS), midnight + random.between(8 * 60, 15 * 60) * MINUTE)
    glassStory(scene, midnight + 9 * HOUR + 30 * MINUTE)
    if (day % 7 === 0 || day % 7 === 3) drillStory(scene, midnight + 10 * HOUR)
    if (day % 7 === 4) releaseStory(scene, midnight + 14 * HOUR)
  }
}

/** The middle of a working day: a page that rings, one that is taken, an incident half worked, a proposal, a broken glass that is owed. */
export const leaveSomethingOpen = async (scene: Scene): Promise<void> => {
  const { play, players, random, stage } = scene
  const [node, volume, certificate, endpoint] = ALERT_KINDS as readonly [
    AlertKind,
    AlertKind,
    AlertKind,
    AlertKind,
  ]
  const now = stage.now()
  const worked = fire(random, volume, now)
  await players.send('globex-prod', worked, 'firing')
  await stage.settle()
  const who = await onCallAt(scene)
  await acknowledge(scene, 'globex-prod', who)
  const found = await players.alertOf('globex-prod', worked.fingerprint)
  const incident = await players.as(who, {
    method: 'POST',
    url: '/api/incidents',
    body: { alertId: found?.id },
  })
  const incidentId = String(incident['id'])
  await players.record(
    who,
    'globex-prod',
    volume,
    { kind: 'look', incidentId },
    { summary: 'Looked at the volumes', changedSomething: false },
  )
  await step(scene, who, incidentId, {
    kind: 'pin',
    about: 'output',
    text: '/dev/sdb 93 % used, growing 2 GB an hour',
  })
  await step(scene, who, incidentId, { kind: 'propose-hypothesis', statement: volume.cause })
  await step(scene, who, incidentId, {
    kind: 'propose-hypothesis',
    statement: 'a customer application logs in debug mode',
  })
  await players.decide('cleo', 'acme-prod', certificate, { cooperation: undefined })
  await players.record(
    'dag',
    'northwind-prod',
    endpoint,
    { kind: 'break-glass', why: 'Harbor is down and images cannot be pulled' },
    { summary: endpoint.change },
  )
  play.cue(now + 115 * MINUTE, 'a node goes away', async () => {
    await players.send('acme-prod', fire(random, node, stage.now()), 'firing')
  })
}
