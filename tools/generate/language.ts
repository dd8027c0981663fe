/**
 * Prints what there is to translate, in English, as JSON: `said` holds what rules and checks say, each sentence its own key;
 * `server` and `web` hold the areas' catalogues. `node bin/run.mjs tools/generate/language.ts > english.json`
 */
import { pathToFileURL } from 'node:url'
import { join } from 'node:path'
import type { Messages } from '../../src/domain/message.ts'
import {
  projectRoot,
  projectSources,
  walk,
  parse,
  isTest,
  type Node,
  type SourceFile,
} from '../tidy/source-files.ts'
import { errorCatalogue } from '../../src/contract/errors.ts'

const WORDS = /\p{L}{2,}[,:;]? +(?:\p{L}{2,}|\{\d)|\}[,:;]? +\p{L}{2,}/u

type Template = { readonly quasis: readonly { readonly value: { readonly cooked: string } }[] }

/** A literal as a key: `At most {0} rules.`; undefined where it is no sentence. */
const keyOf = (node: Node): string | undefined => {
  const text =
    node.type === 'TemplateLiteral'
      ? (node as unknown as Template).quasis
          .map(({ value }, place) => (place === 0 ? '' : `{${place - 1}}`) + value.cooked)
          .join('')
      : node.type === 'Literal' && typeof node['value'] === 'string'
        ? node['value']
        : ''
  return WORDS.test(text) ? text : undefined
}

/** Every sentence in an expression: both sides of a choice, and what is filled into another. */
const sentencesIn = (expression: unknown): string[] => {
  const found: string[] = []
  walk(expression, (node) => {
    const key = keyOf(node)
    if (key !== undefined) found.push(key)
  })
  return found
}

const nameOf = (node: unknown): string => {
  const { name, property } = (node ?? {}) as { name?: string; property?: { name?: string } }
  return name ?? property?.name ?? ''
}

/** Functions whose words are told to whoever asked. */
const telling = new Set(['refuse', 'notFound', 'Fault', 'EntryFault', 'faultAt', 'no', 'finding'])
/** What a check of the contract says when it fails: `z.string().regex(…, 'must be …')`. */
const checking = new Set([
  'min',
  'max',
  'length',
  'regex',
  'refine',
  'superRefine',
  'check',
  'int',
  'nonempty',
])
const told = new Set(['detail', 'error', 'message'])

const isTold = (node: Node, path: string): unknown => {
  if (node.type === 'Property') return told.has(nameOf(node['key'])) ? node['value'] : undefined
  if (node.type === 'VariableDeclarator') return nameOf(node['id']) === 'detail' ? node['init'] : undefined
  if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return undefined
  const called = nameOf(node['callee'])
  const tells = telling.has(called) || (checking.has(called) && path.startsWith('src/contract/'))
  return tells ? node['arguments'] : undefined
}

/** What rules, checks and faults of one file say, with `{0}` where something is filled in. */
export const saidIn = (file: SourceFile): string[] => {
  const said: string[] = []
  walk(parse(file).program, (node) => {
    const expression = isTold(node, file.path)
    if (expression) said.push(...sentencesIn(expression))
  })
  return said
}

const speaks = ({ path }: SourceFile): boolean =>
  /^src\/(domain|contract|server)\/.*\.ts$/.test(path) && !isTest(path) && !path.includes('/testing/')

export const allSaid = (): readonly string[] => {
  const titles = Object.values(errorCatalogue).map(({ title }) => title)
  return [...new Set([...titles, ...projectSources().filter(speaks).flatMap(saidIn)])].toSorted()
}

type Property = { readonly key: { readonly name?: string; readonly value?: string }; readonly value: Node }

/** A literal of sentences as data: keys, texts, and plural forms. */
const asData = (node: Node): unknown =>
  node.type === 'ObjectExpression'
    ? Object.fromEntries(
        (node['properties'] as Property[]).map(({ key, value }) => [key.name ?? key.value, asData(value)]),
      )
    : node['value']

/** The catalogues of the server, read from their source: importing them would start what they stand beside. */
const serverAreas = (): Record<string, unknown> => {
  const areas: Record<string, unknown> = {}
  for (const file of projectSources().filter(speaks))
    walk(parse(file).program, (node) => {
      if (node.type !== 'CallExpression' || nameOf(node['callee']) !== 'catalogue') return
      const [area, english] = node['arguments'] as [Node, Node]
      if (typeof area['value'] === 'string') areas[area['value']] = asData(english)
    })
  return areas
}

const webAreas = async (): Promise<Record<string, Messages>> => {
  const files = projectSources().filter(({ path }) => /^src\/web\/messages\/en\/[a-z-]+\.ts$/.test(path))
  const areas = await Promise.all(
    files.map(async ({ path }) => {
      const named = (await import(pathToFileURL(join(projectRoot, path)).href)) as Record<string, Messages>
      return Object.values(named).filter((one) => typeof one === 'object')
    }),
  )
  return Object.fromEntries(
    files.map(({ path }, at) => [path.slice(20, -3), Object.assign({}, ...areas[at]!)]),
  )
}

if (import.meta.main) {
  const english = {
    said: Object.fromEntries(allSaid().map((sentence) => [sentence, sentence])),
    server: serverAreas(),
    web: await webAreas(),
  }
  console.log(JSON.stringify(english, undefined, 2))
}
