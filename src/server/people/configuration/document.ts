/** Reads a configuration document: YAML text to entries, and any place in it back to the line a person sees. */
import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document } from 'yaml'
import { z } from 'zod'
import { CONFIGURATION_VERSION } from '../../../contract/people/configuration.ts'
import { line } from '../../../contract/shapes.ts'
import { Fault } from '../../platform/faults.ts'
import { configurationSections, type ConfigurationDocument, type EntryPath } from './section.ts'

const MOST_ENTRIES = 5_000
const MOST_FAULTS = 50
const MOST_ALIASES = 100

export type ReadDocument = {
  readonly document: ConfigurationDocument
  /** The line, counted from 1, of a place in the document, or of the nearest place around it. */
  readonly lineOf: (path: EntryPath) => number
}
export type LineFault = { readonly line: number; readonly path: EntryPath; readonly detail: string }

const pathText = (path: EntryPath): string =>
  path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
    .join('')
    .replace(/^\./, '')

/** Nothing was changed; each fault names its line. */
export const documentFault = (faults: readonly LineFault[]): Fault => {
  const shown = [...faults].sort((a, b) => a.line - b.line).slice(0, MOST_FAULTS)
  const errors = shown.map((fault) => ({
    path: `line ${fault.line}${fault.path.length > 0 ? `, ${pathText(fault.path)}` : ''}`,
    detail: fault.detail,
  }))
  const first = errors.slice(0, 3).map(({ path, detail }) => `${path}: ${detail}`)
  const more = faults.length > first.length ? ` And ${faults.length - first.length} more.` : ''
  return new Fault('invalid-input', `Nothing was changed. ${first.join('; ')}.${more}`, { errors })
}

/** The whole document, from every section that is declared. */
export const documentSchema = (): z.ZodType<ConfigurationDocument> => {
  const lists = configurationSections()
    .filter((section) => !section.placement)
    .map((section) => [section.key, z.array(section.schema).max(MOST_ENTRIES).optional()] as const)
  return z.strictObject({
    version: z.literal(CONFIGURATION_VERSION).describe('Of this format.'),
    organisation: line(100).optional().describe('Name at the top of pages and packs.'),
    ...Object.fromEntries(lists),
  })
}

type Parsed = { readonly yaml: Document; readonly counter: LineCounter }

const parseYaml = (text: string): Parsed => {
  const counter = new LineCounter()
  const yaml = parseDocument(text, {
    lineCounter: counter,
    prettyErrors: false,
    strict: true,
    uniqueKeys: true,
  })
  // The first is meant; those after it are mostly its consequences.
  const error = yaml.errors[0] ?? yaml.warnings[0]
  if (error)
    throw documentFault([{ line: counter.linePos(error.pos[0]).line, path: [], detail: error.message }])
  return { yaml, counter }
}

const offsetOf = (yaml: Document, path: EntryPath): number => {
  for (let length = path.length; length > 0; length--) {
    const parent = yaml.getIn(path.slice(0, length - 1), true) ?? yaml.contents
    const key = path[length - 1]
    if (isMap(parent)) {
      // The key's own place: a value may begin on the next line.
      const pair = parent.items.find((each) => isScalar(each.key) && each.key.value === key)
      if (pair && isNode(pair.key) && pair.key.range) return pair.key.range[0]
    }
    const node = yaml.getIn(path.slice(0, length), true)
    if (isNode(node) && node.range) return node.range[0]
  }
  return 0
}

/** What zod says, in the words of somebody who writes YAML, and on the line of the key that is meant. */
const faultsOf = (error: z.ZodError, lineOf: (path: EntryPath) => number): LineFault[] =>
  error.issues.flatMap((issue): LineFault[] => {
    const path = issue.path as (string | number)[]
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({
        line: lineOf([...path, key]),
        path: [...path, key],
        detail: 'there is no such field',
      }))
    const quotes = /expected string, received (number|boolean)/.test(issue.message)
    const absent = /received undefined/.test(issue.message)
    const detail = quotes ? `${issue.message}; put it in quotes` : absent ? 'is missing' : issue.message
    return [{ line: lineOf(path), path, detail }]
  })

/** @throws Fault invalid-input that names every line at fault */
export const readDocument = (text: string): ReadDocument => {
  let parsed: Parsed
  let value: unknown
  try {
    parsed = parseYaml(text)
    value = parsed.yaml.toJS({ maxAliasCount: MOST_ALIASES })
  } catch (error) {
    if (error instanceof Fault) throw error
    // Nested too deeply, or more aliases than anybody writes by hand.
    throw documentFault([
      { line: 1, path: [], detail: 'the document is nested too deeply or refers to itself too often' },
    ])
  }
  const { yaml, counter } = parsed
  const lineOf = (path: EntryPath): number => counter.linePos(offsetOf(yaml, path)).line
  const checked = documentSchema().safeParse(value ?? {})
  if (!checked.success) throw documentFault(faultsOf(checked.error, lineOf))
  return { document: checked.data, lineOf }
}
