// The layer table of ARCHITECTURE.md as a rule over imports: who may import whom.
import { hasEdge, type Edge } from './edges.ts'
import { placeOf, resolveImport, type Place } from './rooms.ts'
import { isTest, lineAt, parse, walk, type Finding, type SourceFile } from './source-files.ts'

export type Import = {
  readonly specifier: string
  readonly offset: number
  /** names of which something is left at run time; `*` for all */
  readonly values: readonly string[]
}

/** Imports, re-exports, dynamic imports of a fixed name, and types taken by `import('…')`. */
export function importsOf(file: SourceFile): Import[] {
  const { module, program } = parse(file)
  const found: Import[] = []
  const add = (specifier: string, offset: number, values: string[]): unknown =>
    found.push({ specifier, offset, values })
  for (const { moduleRequest, start, entries } of module.staticImports) {
    const values = entries.filter(({ isType }) => !isType).map(({ importName }) => importName.name ?? '*')
    add(moduleRequest.value, start, entries.length === 0 ? ['*'] : values)
  }
  for (const { start, entries } of module.staticExports) {
    const request = entries[0]?.moduleRequest
    const values = entries.filter(({ isType }) => !isType).map(({ importName }) => importName.name ?? '*')
    if (request) add(request.value, start, values)
  }
  walk(program, (node) => {
    if (node.type !== 'ImportExpression' && node.type !== 'TSImportType') return
    const { value } = node['source'] as { value?: unknown }
    if (typeof value === 'string') add(value, node.start, node.type === 'TSImportType' ? [] : ['*'])
  })
  return found
}

/** Every import that the table forbids. Tests are held to the direction between rooms, not to the edges between areas. */
export function forbiddenImports(files: readonly SourceFile[], edges: readonly Edge[]): Finding[] {
  return files.flatMap((file) => {
    const from = placeOf(file.path)
    if (!from) return []
    return importsOf(file).flatMap((one) => {
      const reason = one.specifier.startsWith('.')
        ? forbiddenRelative(from, placeOf(resolveImport(file.path, one.specifier)), one, edges)
        : forbiddenPackage(from, one)
      if (reason === undefined) return []
      return [
        {
          path: file.path,
          line: lineAt(file.text, one.offset),
          message: `imports ${one.specifier}: ${reason}`,
        },
      ]
    })
  })
}

/** The one file of the web that runs in a process of ours. */
const DRAWN_ON_THE_SERVER = 'src/web/first-picture.tsx'

function forbiddenPackage(from: Place, { specifier }: Import): string | undefined {
  if (isTest(from.path)) return undefined
  const builtin = specifier.startsWith('node:')
  if (from.room === 'domain')
    return builtin ? 'the domain does no input or output' : 'the domain uses no package'
  if (from.room === 'contract' && !/^zod(\/|$)/.test(specifier)) return 'the contract uses zod alone'
  if (from.room === 'web' && builtin && from.path !== DRAWN_ON_THE_SERVER) return 'the web runs in a browser'
  return undefined
}

const roomsSeenBy: Record<string, readonly string[]> = {
  domain: ['domain'],
  contract: ['contract', 'domain'],
  server: ['server', 'contract', 'domain'],
  web: ['web', 'contract', 'domain'],
  cli: ['cli', 'contract', 'domain'],
  simulator: ['simulator', 'contract', 'domain', 'server'],
}

function forbiddenRelative(
  from: Place,
  to: Place | undefined,
  one: Import,
  edges: readonly Edge[],
): string | undefined {
  const test = isTest(from.path) || (from.room === 'server' && from.area === 'testing')
  if (!to) return test || /(^|\/)package\.json$/.test(one.specifier) ? undefined : 'it lies outside src/'
  if (!(roomsSeenBy[from.room] ?? []).includes(to.room)) {
    if (test && from.room !== 'domain') return undefined
    return `${from.room} may not import ${to.room}`
  }
  if (test) return undefined
  if (from.room === 'contract' && to.room === 'domain' && !one.values.every(isConstant)) {
    return 'the contract takes only types and constants from the domain'
  }
  if (from.room === 'simulator' && to.room === 'server') return simulatorBoot(to)
  if (from.room === 'domain') return domainArea(from, to, edges)
  if (from.room === 'server')
    return to.room === 'server' ? serverArea(from, to, edges) : platformReach(from, to)
  return undefined
}

const isConstant = (name: string): boolean => /^[A-Z][A-Z0-9_]*$/.test(name)

const simulatorBoot = (to: Place): string | undefined =>
  to.area === '' || to.area === 'platform' || to.area === 'testing'
    ? undefined
    : 'the simulator may boot the server, not reach into it'

function domainArea(from: Place, to: Place, edges: readonly Edge[]): string | undefined {
  if (to.area === from.area || to.area === '' || to.area === 'time') return undefined
  return hasEdge(edges, `domain/${from.area}`, `domain/${to.area}`)
    ? undefined
    : `no edge from domain/${from.area} to domain/${to.area} in ARCHITECTURE.md`
}

const half = (area: string): string => area.split('/')[0] ?? ''
const isWiring = (area: string): boolean => area === '' || area === 'testing'

/** platform ← people ← evidence, operations, development ← chains, compat ← the files that wire the server up. */
function serverArea(from: Place, to: Place, edges: readonly Edge[]): string | undefined {
  if (isWiring(from.area) || from.area === to.area || to.area === 'platform') return undefined
  if (isWiring(to.area)) return 'only the wiring may import the wiring'
  if (from.area === 'platform') return 'the platform knows no area'
  if (half(from.area) === 'compat' && half(to.area) === 'compat')
    return /^src\/server\/compat\/[^/]+\.ts$/.test(to.path) ? undefined : 'dialects do not know each other'
  if (to.area === 'chains' || half(to.area) === 'compat') return 'areas do not know who joins them'
  if (from.area === 'chains' || half(from.area) === 'compat') return undefined
  if (half(to.area) === 'people') return undefined
  if (half(from.area) === 'people') return 'people come before the other areas'
  const edge = hasEdge(edges, `server/${from.area}`, `server/${to.area}`)
  if (!edge)
    return `no edge from server/${from.area} to server/${to.area} in ARCHITECTURE.md; one area moves another only in src/server/chains`
  return to.path.endsWith('/index.ts') ? undefined : `only through the index.ts of ${to.area}`
}

/** What the platform may know of the other rooms: time, the ledger, permissions, and shapes that belong to no area. */
function platformReach(from: Place, to: Place): string | undefined {
  if (from.area !== 'platform') return undefined
  const known =
    to.area === '' ||
    to.area === 'time' ||
    to.area === 'evidence/ledger' ||
    to.path === 'src/domain/people/permissions.ts'
  return known ? undefined : `the platform knows no area, and ${to.room}/${to.area} is one`
}
