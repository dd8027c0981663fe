/** YAML text to values and back. Loaded when first needed: the library takes 10 MB that an idle process should not hold. */
import { isMap, isNode, isScalar, LineCounter, parseDocument, stringify, type Document } from 'yaml'
import { Fault } from '../../platform/faults.ts'
import { documentFault } from './document-fault.ts'
import type { EntryPath } from './section.ts'

const MOST_ALIASES = 100

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

export type YamlText = {
  readonly value: unknown
  /** The line, counted from 1, of a place in the text, or of the nearest place around it. */
  readonly lineOf: (path: EntryPath) => number
}

/** @throws Fault invalid-input that names the line */
export const readYaml = (text: string): YamlText => {
  try {
    const { yaml, counter } = parseYaml(text)
    return {
      value: yaml.toJS({ maxAliasCount: MOST_ALIASES }),
      lineOf: (path) => counter.linePos(offsetOf(yaml, path)).line,
    }
  } catch (error) {
    if (error instanceof Fault) throw error
    // Nested too deeply, or more aliases than anybody writes by hand.
    throw documentFault([
      { line: 1, path: [], detail: 'the document is nested too deeply or refers to itself too often' },
    ])
  }
}

/** One spelling for equal values: no folded lines, no anchors. */
export const writeYaml = (value: unknown): string =>
  stringify(value, { lineWidth: 0, aliasDuplicateObjects: false })
