/** An alerting rule of Prometheus as it is written in a file, read leniently: what is missing is a finding, not a fault. */
import { isTemplated, unshielded } from './template.ts'

/** A rule as the YAML has it, with the place it was found at. */
export type WrittenRule = {
  readonly file: string
  /** Counted from 1. */
  readonly line: number
  /** The `name` of the group that it stands in. */
  readonly groupName: string
  readonly value: unknown
}

export type AlertRule = Omit<WrittenRule, 'value'> & {
  readonly name: string
  readonly expression: string
  /** As written, `10m`; null when it fires at once. */
  readonly holdsFor: string | null
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  /** What is known only when a chart is rendered: `name`, `label.severity`, `annotation.runbook_url`. */
  readonly templated: readonly string[]
}

export const LONGEST_NAME = 300
export const LONGEST_EXPRESSION = 20_000
const LONGEST_TEXT = 4_000
const MOST_TEXTS = 64

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const asText = (value: unknown): string | undefined =>
  typeof value === 'string'
    ? value
    : typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : undefined

/** A NUL cannot be stored, nor half a character. */
const storable = (text: string, longest: number): string =>
  text.replaceAll('\u0000', '').slice(0, longest).toWellFormed()

type Reading = { readonly actions: readonly string[]; readonly templated: string[] }

const readText = (reading: Reading, where: string, value: unknown, longest: number): string | undefined => {
  const text = asText(value)
  if (text === undefined) return undefined
  if (isTemplated(text, reading.actions)) reading.templated.push(where)
  return storable(unshielded(text, reading.actions), longest).trim()
}

const readTexts = (reading: Reading, kind: string, value: unknown): Record<string, string> => {
  const entries = isMap(value) ? Object.entries(value).slice(0, MOST_TEXTS) : []
  return Object.fromEntries(
    entries.flatMap(([name, each]) => {
      const known = storable(unshielded(name, reading.actions), LONGEST_NAME)
      const text = readText(reading, `${kind}.${known}`, each, LONGEST_TEXT)
      return text === undefined ? [] : [[known, text]]
    }),
  )
}

/** Rules that only record a series alert nobody. */
export const isRecording = ({ value }: WrittenRule): boolean => isMap(value) && 'record' in value

/** @param actions what stands behind the signs of `shieldTemplates` */
export const readRule = (
  { file, line, groupName, value }: WrittenRule,
  actions: readonly string[],
): AlertRule => {
  const reading: Reading = { actions, templated: [] }
  const given = isMap(value) ? value : {}
  return {
    file,
    line,
    groupName: storable(unshielded(groupName, actions), LONGEST_NAME),
    name: readText(reading, 'name', given['alert'], LONGEST_NAME) ?? '',
    expression: readText(reading, 'expression', given['expr'], LONGEST_EXPRESSION) ?? '',
    holdsFor: readText(reading, 'for', given['for'], 100) ?? null,
    labels: readTexts(reading, 'label', given['labels']),
    annotations: readTexts(reading, 'annotation', given['annotations']),
    templated: reading.templated,
  }
}

/** The names under which teams write where to read what to do. */
const RUNBOOK_NAMES = ['runbook_url', 'runbook', 'runbookUrl', 'runbookURL'] as const

/** `templated`: known when the chart is rendered; `no-link`: something stands there that leads nowhere. */
export type Runbook =
  | { readonly kind: 'link' | 'templated' | 'no-link'; readonly text: string }
  | { readonly kind: 'none' }

export const runbookOf = ({ annotations, templated }: AlertRule): Runbook => {
  const name = RUNBOOK_NAMES.find((each) => (annotations[each] ?? '') !== '')
  if (name === undefined) return { kind: 'none' }
  const text = annotations[name] ?? ''
  // `https://runbooks.example/{{ .Values.x }}` leads somewhere, whatever fills it in.
  if (/^https?:\/\/\S+$/.test(text)) return { kind: 'link', text }
  return { kind: templated.includes(`annotation.${name}`) ? 'templated' : 'no-link', text }
}

/** For reports: the label `group`, else the group that the rule stands in. */
export const groupOf = ({ labels, groupName }: AlertRule): string => labels['group'] || groupName
