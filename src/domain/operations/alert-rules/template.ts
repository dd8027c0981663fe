/**
 * Rules are often kept as templates (Helm's `{{ }}`), which are no YAML. Every action is put behind a sign before the text
 * is parsed and put back into the values afterwards, so that a template is read as it is written and nothing is guessed.
 */

/** Of the private use area: YAML allows them in plain text, and nobody writes them. */
const OPEN = '\ue000'
const SHUT = '\ue001'
const SIGN = /\ue000(\d+)\ue001/g

export type Shielded = {
  readonly text: string
  /** What stands behind the signs, by number. */
  readonly actions: readonly string[]
}

/** An action that only writes a text: `{{`{{ $value }}`}}` is how a chart keeps what Prometheus fills in. */
const literalOf = (action: string): string | undefined => {
  const inner = /^\{\{-?\s*(`[^`]*`|"(?:[^"\\]|\\.)*")\s*-?\}\}$/.exec(action)?.[1]
  return inner?.slice(1, -1)
}

/** Where the action ends that begins at `from`; -1 when it never does. Text in backquotes may hold brackets. */
const endOf = (text: string, from: number): number => {
  // `{{ "{{" }}` and `{{ "}}" }}` are actions of their own: the closing brackets in quotes close nothing.
  const quoted = /\{\{-?\s*"(?:\{\{|\}\})"\s*-?\}\}/y
  quoted.lastIndex = from
  if (quoted.test(text)) return quoted.lastIndex
  let at = from + 2
  for (;;) {
    const close = text.indexOf('}}', at)
    if (close < 0) return -1
    // Within the action alone: looked for in the whole file, many actions would cost the square of their number.
    const tick = text.slice(at, close).indexOf('`')
    if (tick < 0) return close + 2
    const untick = text.indexOf('`', at + tick + 1)
    if (untick < 0) return close + 2
    at = untick + 1
  }
}

type Part = { readonly text: string; readonly isAction: boolean }

const partsOf = (text: string): Part[] => {
  const parts: Part[] = []
  let at = 0
  for (;;) {
    const from = text.indexOf('{{', at)
    const end = from < 0 ? -1 : endOf(text, from)
    if (end < 0) break
    parts.push(
      { text: text.slice(at, from), isAction: false },
      { text: text.slice(from, end), isAction: true },
    )
    at = end
  }
  return [...parts, { text: text.slice(at), isAction: false }]
}

const indentOf = (line: string): number => line.length - line.trimStart().length
const isBare = (line: string): boolean => line.includes(OPEN) && line.replace(SIGN, '').trim() === ''
const opensBlock = (line: string): boolean => /(^|[\s:-])[|>][-+0-9]*\s*(#.*)?$/.test(line)

/**
 * A line of actions alone (`{{- if … }}`) becomes a comment. Its indentation is that of its neighbours: within a block of
 * text it stays text of that block, and between entries it breaks nothing.
 */
const asComments = (lines: readonly string[]): string[] => {
  const nextIndent: number[] = []
  let below = 0
  for (let at = lines.length - 1; at >= 0; at -= 1) {
    nextIndent[at] = below
    const line = lines[at] ?? ''
    if (line.trim() !== '' && !isBare(line)) below = indentOf(line)
  }
  let above = ''
  return lines.map((line, at) => {
    if (!isBare(line)) {
      if (line.trim() !== '') above = line
      return line
    }
    const next = nextIndent[at] ?? 0
    const indent = opensBlock(above) ? next : Math.min(indentOf(above), next)
    return `${' '.repeat(indent)}#${line.trim()}`
  })
}

/** Lines keep their numbers. */
export const shieldTemplates = (text: string): Shielded => {
  const actions: string[] = []
  const plain = text.replaceAll(OPEN, '').replaceAll(SHUT, '')
  if (!plain.includes('{{')) return { text: plain, actions }
  const shielded = partsOf(plain)
    .map((part) => {
      if (!part.isAction) return part.text
      const sign = `${OPEN}${actions.push(part.text) - 1}${SHUT}`
      // Before the sign: a line that ends with an action goes on in the line in which the action ended.
      return '\n'.repeat(part.text.split('\n').length - 1) + sign
    })
    .join('')
  return { text: asComments(shielded.split('\n')).join('\n'), actions }
}

/** The value as it was written; text that a chart only quotes is shown without the quoting. */
export const unshielded = (value: string, actions: readonly string[]): string =>
  value.replace(/#(\ue000\d+\ue001)/g, '$1').replace(SIGN, (_, number: string) => {
    const action = actions[Number(number)] ?? ''
    return literalOf(action) ?? action
  })

/** Whether part of it is known only when the chart is rendered. */
export const isTemplated = (value: string, actions: readonly string[]): boolean =>
  [...value.matchAll(SIGN)].some(([, number]) => literalOf(actions[Number(number)] ?? '') === undefined)
