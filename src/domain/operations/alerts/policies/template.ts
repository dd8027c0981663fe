/** A text with places for what the alert says: no loops, no functions, and a length that is known before. */
import { refuse, type Refusal } from '../../../refusal.ts'
import type { AlertFromSource } from '../alert-from-alertmanager.ts'
import { storable } from '../storable-text.ts'

/** Fields of the alert itself; `labels.<name>` and `annotations.<name>` beside them. */
export const TEMPLATE_FIELDS = ['message', 'description', 'name', 'priority', 'severity'] as const
type Field = (typeof TEMPLATE_FIELDS)[number]

type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'field'; readonly field: Field }
  | { readonly kind: 'labels' | 'annotations'; readonly name: string }
export type Template = readonly Part[]

export const LONGEST_TEMPLATE = 1_000
const MOST_PLACES = 20

export type TemplateRefusal = Refusal<'template-unreadable'>

const isField = (text: string): text is Field => (TEMPLATE_FIELDS as readonly string[]).includes(text)

const placeOf = (inside: string): Part | undefined => {
  const text = inside.trim()
  if (isField(text)) return { kind: 'field', field: text }
  const [, kind, name] = /^(labels|annotations)\.(\S{1,200})$/.exec(text) ?? []
  return kind !== undefined && name !== undefined
    ? { kind: kind as 'labels' | 'annotations', name }
    : undefined
}

/** `Disk of {{labels.instance}} in {{labels.cluster}}: {{message}}`. */
export const parseTemplate = (text: string): Template | TemplateRefusal => {
  if (text.length > LONGEST_TEMPLATE)
    return refuse('template-unreadable', `A template has at most ${LONGEST_TEMPLATE} characters.`)
  const parts: Part[] = []
  let from = 0
  let places = 0
  for (let opens = text.indexOf('{{'); opens >= 0; opens = text.indexOf('{{', from)) {
    const closes = text.indexOf('}}', opens)
    const inside = closes < 0 ? text.slice(opens + 2) : text.slice(opens + 2, closes)
    const place = closes < 0 ? undefined : placeOf(inside)
    if (!place)
      return refuse(
        'template-unreadable',
        `"{{${inside.slice(0, 60)}" is not understood: write {{message}}, {{description}}, {{name}}, {{priority}}, {{severity}}, {{labels.cluster}} or {{annotations.summary}}.`,
      )
    if (opens > from) parts.push({ kind: 'text', text: text.slice(from, opens) })
    parts.push(place)
    places += 1
    if (places > MOST_PLACES)
      return refuse('template-unreadable', `A template has at most ${MOST_PLACES} places.`)
    from = closes + 2
  }
  if (from < text.length) parts.push({ kind: 'text', text: text.slice(from) })
  return parts
}

const fieldOf = (alert: AlertFromSource, field: Field): string => {
  switch (field) {
    case 'message':
      return alert.summary
    case 'description':
      return alert.annotations['description'] ?? ''
    case 'name':
      return alert.name
    case 'priority':
      return `P${alert.priority}`
    case 'severity':
      return alert.severity
  }
}

const textOf = (part: Part, alert: AlertFromSource): string => {
  switch (part.kind) {
    case 'text':
      return part.text
    case 'field':
      return fieldOf(alert, part.field)
    case 'labels':
    case 'annotations':
      // Own only: a label may be called `constructor`.
      return Object.hasOwn(alert[part.kind], part.name) ? (alert[part.kind][part.name] ?? '') : ''
  }
}

/** @param longest of the result, in UTF-16 units; what is longer is cut */
export const renderTemplate = (template: Template, alert: AlertFromSource, longest: number): string => {
  let text = ''
  for (const part of template) {
    text += textOf(part, alert)
    if (text.length > longest) break
  }
  return storable(text, longest).trim()
}

/** Whether every place has something to say: what is known by its parts must have them. */
export const isFilled = (template: Template, alert: AlertFromSource): boolean =>
  template.every((part) => part.kind === 'text' || textOf(part, alert).trim() !== '')
