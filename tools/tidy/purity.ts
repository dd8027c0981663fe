// Holds the domain to its parameters: no clock, no randomness, no process, no time zone library outside domain/time.
import { isTest, lineAt, parse, walk, type Finding, type Node, type SourceFile } from './source-files.ts'

/** With the way to get the same thing. */
const banned: Record<string, string> = {
  Date: 'instants are epoch milliseconds; calendars are in domain/time',
  Temporal: 'calendars are in domain/time',
  Intl: 'zones are in domain/time, wording is for the edges',
  process: 'what a rule needs is a parameter',
  globalThis: 'what a rule needs is a parameter',
  crypto: 'hashes and salts are parameters',
  performance: '`now` is a parameter',
  console: 'a rule says nothing; it returns',
  fetch: 'a rule does no input or output',
  setTimeout: 'later is a task',
  setInterval: 'later is a task',
  setImmediate: 'later is a task',
  queueMicrotask: 'a rule is a plain function',
}
const allowedInTime = new Set(['Date', 'Temporal', 'Intl'])

export function impurities(files: readonly SourceFile[]): Finding[] {
  return files.filter(isRule).flatMap((file) => {
    const inTime = file.path.startsWith('src/domain/time/')
    const findings: Finding[] = []
    const { program } = parse(file)
    const own = declaredNames(program)
    walk(program, (node, parent, key) => {
      const reason =
        readsTheWorld(node) ?? (isReference(node, parent, key) ? bannedName(node, inTime, own) : undefined)
      if (reason) findings.push({ path: file.path, line: lineAt(file.text, node.start), message: reason })
    })
    return findings
  })
}

const isRule = ({ path }: SourceFile): boolean => path.startsWith('src/domain/') && !isTest(path)

function bannedName(node: Node, inTime: boolean, own: ReadonlySet<string>): string | undefined {
  const name = node['name'] as string
  if (!Object.hasOwn(banned, name) || own.has(name) || (inTime && allowedInTime.has(name))) return undefined
  return `${name}: ${banned[name]}`
}

/** Names that the file itself gives to a parameter or variable: a `process` of the domain is not the one of Node. */
function declaredNames(program: unknown): Set<string> {
  const names = new Set<string>()
  const collect = (pattern: unknown): void =>
    walk(pattern, (node, parent, key) => {
      const isDefault = parent?.type === 'AssignmentPattern' && key === 'right'
      if (node.type === 'Identifier' && key !== 'key' && key !== 'typeName' && !isDefault)
        names.add(node['name'] as string)
    })
  walk(program, (node) => {
    if (node.type === 'VariableDeclarator') collect(node['id'])
    if (Array.isArray(node['params']) && /Function/.test(node.type)) collect(node['params'])
  })
  return names
}

/** Also in domain/time: the present instant and randomness come in from outside. */
function readsTheWorld(node: Node): string | undefined {
  if (
    node.type === 'NewExpression' &&
    nameOf(node['callee']) === 'Date' &&
    (node['arguments'] as unknown[]).length === 0
  ) {
    return 'new Date() reads the clock; `now` is a parameter'
  }
  if (node.type !== 'MemberExpression') return undefined
  const member = `${nameOf(node['object'])}.${nameOf(node['property'])}`
  if (member === 'Math.random') return 'Math.random: ids and salts are parameters'
  if (member === 'Date.now' || member === 'Temporal.Now')
    return `${member} reads the clock; \`now\` is a parameter`
  return undefined
}

const nameOf = (node: unknown): string => (node as { name?: string } | null)?.name ?? ''

/** An identifier that stands for a value or type, not a name of a property. */
function isReference(node: Node, parent: Node | undefined, key: string): boolean {
  if (node.type !== 'Identifier' || !parent) return false
  if (parent['computed'] === true) return true
  const isMember = parent.type === 'MemberExpression' && key === 'property'
  const isKey =
    key === 'key' &&
    /^(Property|MethodDefinition|PropertyDefinition|TSPropertySignature|TSMethodSignature)$/.test(parent.type)
  return !isMember && !isKey && !(parent.type === 'TSQualifiedName' && key === 'right')
}
