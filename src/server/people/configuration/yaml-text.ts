/** YAML text to values and back. Loaded when first needed: the library takes 10 MB that an idle process should not hold. */
import { isMap, isNode, isScalar, LineCounter, parseDocument, stringify, visit, type Document } from 'yaml'
import { Fault } from '../../platform/faults.ts'
import { documentFault } from './document-fault.ts'
import type { EntryPath } from './section.ts'

const MOST_ALIASES = 100
const TOO_DEEP = 'the document is nested too deeply or refers to itself too often'

type Parsed = { readonly yaml: Document; readonly counter: LineCounter }

const parseYaml = (text: string): Parsed => {
  const counter = new LineCounter()
  const yaml = parseDocument(text, {
    lineCounter: counter,
    prettyErrors: false,
    strict: true,
    // The library compares each key with every other: a megabyte of keys took minutes. See refuseRepeatedKeys.
    uniqueKeys: false,
  })
  // The first is meant; those after it are mostly its consequences.
  const error = yaml.errors[0] ?? yaml.warnings[0]
  if (error) {
    // The library's own words where it ran out of stack would puzzle whoever wrote the document.
    const detail = error.message.includes('call stack') ? TOO_DEEP : error.message
    throw documentFault([{ line: counter.linePos(error.pos[0]).line, path: [], detail }])
  }
  return { yaml, counter }
}

const refuseRepeatedKeys = ({ yaml, counter }: Parsed): void => {
  visit(yaml, {
    Map: (_, map) => {
      const seen = new Set<unknown>()
      for (const { key } of map.items) {
        if (!isScalar(key)) continue
        if (seen.has(key.value)) {
          const line = counter.linePos(key.range?.[0] ?? 0).line
          throw documentFault([{ line, path: [String(key.value)], detail: 'stands here a second time' }])
        }
        seen.add(key.value)
      }
    },
  })
}

/** Nobody nests by hand this deep; the library needs seconds to find out that a megabyte of brackets is no document. */
const DEEPEST = 1_000

export const isBracketTower = (text: string): boolean => {
  let depth = 0
  for (const character of text) {
    if (character === '[' || character === '{') depth += 1
    else if (character === ']' || character === '}') depth -= 1
    if (depth > DEEPEST) return true
  }
  return false
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
    if (isBracketTower(text))
      throw documentFault([{ line: 1, path: [], detail: `more than ${DEEPEST} brackets are never closed` }])
    const parsed = parseYaml(text)
    refuseRepeatedKeys(parsed)
    const { yaml, counter } = parsed
    return {
      value: yaml.toJS({ maxAliasCount: MOST_ALIASES }),
      lineOf: (path) => counter.linePos(offsetOf(yaml, path)).line,
    }
  } catch (error) {
    if (error instanceof Fault) throw error
    // Nested too deeply, or more aliases than anybody writes by hand.
    throw documentFault([{ line: 1, path: [], detail: TOO_DEEP }])
  }
}

/** One spelling for equal values: no folded lines, no anchors. */
export const writeYaml = (value: unknown): string =>
  stringify(value, { lineWidth: 0, aliasDuplicateObjects: false })
