// Holds Dockerfile, compose.yaml and the CI workflow to the project they deploy: nothing here runs them, so what they name must exist.
import { parse } from 'yaml'
import type { Finding } from './source-files.ts'

export type Deployment = {
  readonly dockerfile: string
  readonly dockerignore: string
  readonly compose: string
  readonly workflow: string
}

/** What the project has, as the guard asks for it. */
export type Facts = {
  readonly exists: (path: string) => boolean
  readonly settings: readonly string[]
  /** variables that no setting table lists, because they are read before it */
  readonly otherVariables: readonly string[]
  readonly routes: readonly string[]
  readonly packages: readonly string[]
}

type Instruction = { readonly name: string; readonly rest: string; readonly line: number }

/** Continued lines joined, comments left out. */
export function instructionsOf(dockerfile: string): Instruction[] {
  const found: Instruction[] = []
  let open: { text: string; line: number } | undefined
  for (const [index, raw] of dockerfile.split('\n').entries()) {
    if (raw.trim() === '' || raw.startsWith('#')) continue
    open = { text: `${open?.text ?? ''} ${raw.trim().replace(/\\$/, '')}`, line: open?.line ?? index + 1 }
    if (raw.trimEnd().endsWith('\\')) continue
    const [, name = '', rest = ''] = /^\s*(\w+)\s+(.*)$/.exec(open.text) ?? []
    found.push({ name, rest: rest.trim(), line: open.line })
    open = undefined
  }
  return found
}

const variablesOf = (instructions: readonly Instruction[]): Map<string, string> =>
  new Map(
    instructions
      .filter(({ name }) => name === 'ENV')
      .flatMap(({ rest }) => rest.split(/\s+/).map((pair) => pair.split('=', 2) as [string, string])),
  )

const last = (instructions: readonly Instruction[], wanted: string): string | undefined =>
  instructions.findLast(({ name }) => name === wanted)?.rest

/** Files of ours that a command names; a bundle stands for the source it is made of. */
const filesIn = (command: string): string[] =>
  [...command.matchAll(/(?<![\w./-])(?:\/app\/)?((?:bin|tools|src|dist|\.ci)\/[\w./-]*\w)/g)].map(
    ([, path]) => (path as string).replace(/^dist\/(.*)\.mjs$/, 'src/$1.ts'),
  )

function copyFaults({ rest }: Instruction, stages: ReadonlySet<string>, facts: Facts, hidden: string[]) {
  const words = rest.split(/\s+/)
  const from = words.find((word) => word.startsWith('--from='))?.slice('--from='.length)
  if (from !== undefined) return stages.has(from) ? [] : [`copies from ${from}, which is no stage`]
  return words.slice(0, -1).flatMap((path) => {
    if (path !== '.' && !facts.exists(path)) return [`copies ${path}, which does not exist`]
    return hidden.includes(path) ? [`copies ${path}, which .dockerignore hides`] : []
  })
}

export function dockerfileFaults({ dockerfile, dockerignore }: Deployment, facts: Facts): Finding[] {
  const instructions = instructionsOf(dockerfile)
  const hidden = dockerignore.split('\n').filter(Boolean)
  const stages = new Set<string>()
  const known = [...facts.settings, ...facts.otherVariables]
  const findings = instructions.flatMap((instruction) => {
    const { name, rest, line } = instruction
    const say: string[] = []
    if (name === 'FROM') stages.add(/ AS (\S+)$/.exec(rest)?.[1] ?? '')
    if (name === 'COPY') say.push(...copyFaults(instruction, stages, facts, hidden))
    if (['RUN', 'CMD', 'ENTRYPOINT', 'HEALTHCHECK'].includes(name))
      for (const path of filesIn(rest))
        if (!facts.exists(path)) say.push(`runs ${path}, which does not exist`)
    for (const [, path] of rest.matchAll(/\}(\/[\w/]+)`/g))
      if (name === 'HEALTHCHECK' && !facts.routes.includes(path as string))
        say.push(`asks ${path}, which is no route`)
    return say.map((message) => ({ path: 'Dockerfile', line, message }))
  })
  const env = variablesOf(instructions)
  const whole = [
    ...[...env.keys()]
      .filter((name) => !known.includes(name))
      .map((name) => `sets ${name}, which nothing reads`),
    ...(last(instructions, 'EXPOSE') === env.get('PORT') ? [] : ['exposes another port than PORT']),
    ...(last(instructions, 'VOLUME') === env.get('FORTNIGHT_DATA')
      ? []
      : ['keeps another folder than FORTNIGHT_DATA']),
    ...(/^(root|0)?$/.test(last(instructions, 'USER') ?? '') ? ['runs as root'] : []),
    ...(env.get('PATH')?.includes('node_modules')
      ? ['finds node in node_modules/.bin, where npm 10 leaves none']
      : []),
  ]
  return [...findings, ...whole.map((message) => ({ path: 'Dockerfile', message }))]
}

type Service = {
  readonly image?: string
  readonly environment?: Record<string, string>
  readonly ports?: string[]
  readonly volumes?: string[]
  readonly depends_on?: Record<string, { condition: string }>
  readonly healthcheck?: unknown
}

export function composeFaults({ dockerfile, compose }: Deployment, facts: Facts): Finding[] {
  const { services, volumes } = parse(compose) as {
    services: Record<string, Service>
    volumes: Record<string, unknown>
  }
  const instructions = instructionsOf(dockerfile)
  const env = variablesOf(instructions)
  const server = services['server']
  const say: string[] = []
  if (!server) say.push('has no service called server')
  for (const name of Object.keys(server?.environment ?? {}))
    if (!facts.settings.includes(name)) say.push(`sets ${name}, which is no setting`)
  for (const port of server?.ports ?? [])
    if (!port.endsWith(`:${env.get('PORT')}`))
      say.push(`publishes ${port}, and the server listens on ${env.get('PORT')}`)
  if (!server?.volumes?.some((volume) => volume.endsWith(`:${last(instructions, 'VOLUME')}`)))
    say.push(`does not keep ${last(instructions, 'VOLUME')}`)
  for (const service of Object.values(services)) {
    for (const volume of service.volumes ?? [])
      if (!((volume.split(':')[0] ?? '') in volumes)) say.push(`mounts ${volume}, which is not declared`)
    for (const [name, { condition }] of Object.entries(service.depends_on ?? {}))
      if (!services[name] || (condition === 'service_healthy' && !services[name].healthcheck))
        say.push(`waits for ${name} to be healthy, which nobody checks`)
  }
  for (const [text] of compose.matchAll(/\$\{\w+\}/g))
    say.push(`uses ${text} without a default or a sentence`)
  return say.map((message) => ({ path: 'compose.yaml', message }))
}

type Step = { readonly uses?: string; readonly run?: string; readonly with?: Record<string, unknown> }

export function workflowFaults({ workflow }: Deployment, facts: Facts): Finding[] {
  const { jobs } = parse(workflow) as { jobs: Record<string, { steps: Step[] }> }
  const say = Object.values(jobs).flatMap(({ steps }) =>
    steps.flatMap(({ uses, run = '' }) => [
      ...(uses === undefined || /@[0-9a-f]{40}$/.test(uses)
        ? []
        : [`uses ${uses}, which may change under it`]),
      ...filesIn(run)
        .filter((path) => !facts.exists(path))
        .map((path) => `runs ${path}, which does not exist`),
      ...(/apt-get install(.*)/.exec(run)?.[1] ?? '')
        .split(/\s+/)
        .filter((word) => word !== '' && !word.startsWith('-') && !facts.packages.includes(word))
        .map((word) => `installs ${word}, which no test uses`),
    ]),
  )
  return say.map((message) => ({ path: '.github/workflows/ci.yml', message }))
}
