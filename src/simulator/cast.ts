/** Brings the team onto an empty stage, through the same doors as a real one: setup link, configuration document, tokens, keys. */
import type { Stage } from '../server/stage.ts'
import { openPlay, type Play } from './play.ts'
import { openPlayers, type Players } from './players.ts'
import type { Random } from './random.ts'
import { ADMINISTRATOR, ENGINEERS, ENVIRONMENTS, teamDocument } from './team.ts'

export const DEMO_TOKEN = 'fnp_demo_admin'
export const DEMO_KEY = 'fni_demo_acme_prod'

export type Production = {
  readonly stage: Stage
  readonly play: Play
  readonly players: Players
  readonly random: Random
}

/**
 * @param startsOn Monday of the rota's first week
 * @param fixed gives the demo's published credentials to Ada and acme-prod
 */
export const castTeam = async (
  stage: Stage,
  random: Random,
  startsOn: string,
  { fixed = false } = {},
): Promise<Production> => {
  const setup = {
    ...ADMINISTRATOR,
    token: await stage.setupToken(),
    password: `${random.uuid()}-${random.uuid()}`,
  }
  const made = await stage.call({ method: 'POST', url: '/api/setup', body: setup })
  if (made.status >= 300) throw new Error(`setup answered ${made.status}: ${made.text.slice(0, 300)}`)
  const tokens = new Map([['ada', await stage.tokenFor('ada', fixed ? DEMO_TOKEN : undefined)]])
  const applied = await stage.call({
    method: 'POST',
    url: '/api/configuration/apply',
    token: tokens.get('ada') ?? '',
    body: { document: teamDocument(startsOn) },
  })
  if (applied.status >= 300)
    throw new Error(`apply answered ${applied.status}: ${applied.text.slice(0, 600)}`)
  for (const handle of [...ENGINEERS, 'fay', 'gus']) tokens.set(handle, await stage.tokenFor(handle))
  const keys = new Map<string, string>()
  for (const slug of ENVIRONMENTS)
    keys.set(slug, await stage.keyFor(slug, fixed && slug === 'acme-prod' ? DEMO_KEY : undefined))
  return { stage, play: openPlay(stage), players: openPlayers(stage, random, tokens, keys), random }
}
