/** Files of rules as YAML, leniently: templates stay as they are written, and what cannot be read is told and left out. */
import {
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  type Document,
  type YAMLMap,
} from 'yaml'
import {
  isRecording,
  readRule,
  type AlertRule,
  type WrittenRule,
} from '../../../domain/operations/alert-rules/rule.ts'
import { shieldTemplates } from '../../../domain/operations/alert-rules/template.ts'
import { isBracketTower } from '../../people/configuration/yaml-text.ts'

export type RuleFile = { readonly name: string; readonly text: string }
export type Unread = { readonly file: string; readonly line: number; readonly detail: string }
export type RuleFilesRead = {
  readonly rules: readonly AlertRule[]
  readonly recording: number
  readonly unread: readonly Unread[]
}

const MOST_ALIASES = 100
const MOST_DOCUMENTS = 1_000
const MOST_UNREAD = 100

type Parsed = Document.Parsed
type Place = { readonly file: string; readonly counter: LineCounter; readonly document: Parsed }

const lineOf = ({ counter }: Place, node: unknown): number =>
  isNode(node) && node.range ? counter.linePos(node.range[0]).line : 1

const rulesOfGroup = (place: Place, group: YAMLMap): WrittenRule[] => {
  const name = group.get('name', true)
  const rules = group.get('rules', true)
  if (!isSeq(rules)) return []
  const groupName = isScalar(name) && typeof name.value === 'string' ? name.value : ''
  return rules.items.flatMap((item) =>
    isMap(item)
      ? [
          {
            file: place.file,
            line: lineOf(place, item),
            groupName,
            value: item.toJS(place.document, { maxAliasCount: MOST_ALIASES }) as unknown,
          },
        ]
      : [],
  )
}

/** A rule file has `groups`; a PrometheusRule has them under `spec`; a List has such objects as `items`. */
const rulesIn = (place: Place, node: unknown, depth = 0): WrittenRule[] | undefined => {
  if (!isMap(node) || depth > 3) return undefined
  const groups = node.get('groups', true)
  if (isSeq(groups)) return groups.items.flatMap((group) => (isMap(group) ? rulesOfGroup(place, group) : []))
  const items = node.get('items', true)
  if (isSeq(items)) {
    const found = items.items.flatMap((item) => rulesIn(place, item, depth + 1) ?? [])
    return found.length > 0 ? found : undefined
  }
  return rulesIn(place, node.get('spec', true), depth + 1)
}

const readFile = ({ name, text }: RuleFile): RuleFilesRead => {
  const no = (line: number, detail: string): RuleFilesRead => ({
    rules: [],
    recording: 0,
    unread: [{ file: name, line, detail }],
  })
  if (isBracketTower(text)) return no(1, 'more brackets are opened than anybody closes')
  const shielded = shieldTemplates(text)
  const counter = new LineCounter()
  const parsed = parseAllDocuments(shielded.text, {
    lineCounter: counter,
    prettyErrors: false,
    strict: false,
    // Both branches of a template may stand there; and the library compares each key with every other.
    uniqueKeys: false,
    logLevel: 'silent',
  })
  const documents = Array.isArray(parsed) ? parsed : []
  if (documents.length > MOST_DOCUMENTS) return no(1, `a file has at most ${MOST_DOCUMENTS} documents`)
  const rules: AlertRule[] = []
  const unread: Unread[] = []
  let recording = 0
  for (const document of documents) {
    const [error] = document.errors
    if (error) {
      unread.push({
        file: name,
        line: counter.linePos(error.pos[0]).line,
        detail: error.message.slice(0, 300),
      })
      continue
    }
    const found = rulesIn({ file: name, counter, document }, document.contents)
    if (found === undefined) {
      if (document.contents !== null && !(isScalar(document.contents) && document.contents.value === null))
        unread.push({
          file: name,
          line: lineOf({ file: name, counter, document }, document.contents),
          detail: 'there are no groups of rules here: neither `groups` nor `spec.groups`',
        })
      continue
    }
    recording += found.filter(isRecording).length
    for (const one of found) if (!isRecording(one)) rules.push(readRule(one, shielded.actions))
  }
  return { rules, recording, unread }
}

const readLeniently = (file: RuleFile): RuleFilesRead => {
  try {
    return readFile(file)
  } catch {
    // Nested too deeply, or more aliases than anybody writes by hand: the library says so by throwing.
    const detail = 'the file is nested too deeply or refers to itself too often'
    return { rules: [], recording: 0, unread: [{ file: file.name, line: 1, detail }] }
  }
}

export const readRuleFiles = (files: readonly RuleFile[]): RuleFilesRead => {
  const read = files.map(readLeniently)
  return {
    rules: read.flatMap(({ rules }) => rules),
    recording: read.reduce((sum, each) => sum + each.recording, 0),
    unread: read.flatMap(({ unread }) => unread).slice(0, MOST_UNREAD),
  }
}
