/** Recorded fields as a reader wants them: times as times, ids of people as names, lists as tables. Everything is escaped. */
import { html, type Html } from '../../platform/http/html.ts'

export type Names = ReadonlyMap<string, string>

export const timeText = (at: number | string): string => {
  const iso = typeof at === 'string' ? at : new Date(at).toISOString()
  return iso.slice(0, 19).replace('T', ' ')
}

export const wordsOf = (name: string): string => {
  const words = name
    .replace(/(?<=[a-z])Ms$/, '')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/[-_.]/g, ' ')
    .toLowerCase()
  return words.slice(0, 1).toUpperCase() + words.slice(1)
}

/** `decision.glass-broken` → "Decision: glass broken" */
export const typeText = (type: string): string => {
  const dot = type.indexOf('.')
  return `${wordsOf(type.slice(0, dot))}: ${type.slice(dot + 1).replaceAll('-', ' ')}`
}

export const durationText = (ms: number): string => {
  const seconds = Math.round(ms / 1000)
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  return minutes < 60
    ? `${minutes} min ${seconds % 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const EARLIEST = Date.UTC(2000, 0, 1)
/** Names of instants end in At; `validUntil` and `writeUpBy` are the exceptions in use. */
const isInstant = (name: string, value: number): boolean =>
  value > EARLIEST && /(At|Until|By|from|to)$/.test(name)

const scalar = (name: string, value: unknown, names: Names): Html => {
  if (value === null || value === undefined || value === '') return html`<span class="dim">—</span>`
  if (typeof value === 'boolean') return html`${value ? 'yes' : 'no'}`
  if (typeof value === 'number') {
    if (isInstant(name, value)) return html`${timeText(value)}`
    return html`${name.endsWith('Ms') ? durationText(value) : String(value)}`
  }
  const text = String(value)
  const known = names.get(text)
  if (known !== undefined) return html`${known}`
  return text.includes('\n') ? html`<span class="prose">${text}</span>` : html`${text}`
}

/** A list of alike things is a table of what they have. */
const tableOf = (rows: readonly Record<string, unknown>[], names: Names): Html => {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  return html`<table>
    <thead>
      <tr>
        ${columns.map((column) => html`<th>${wordsOf(column)}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (row) =>
          html`<tr>
            ${columns.map((column) => html`<td>${valueHtml(column, row[column], names)}</td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`
}

export const valueHtml = (name: string, value: unknown, names: Names): Html => {
  if (Array.isArray(value)) {
    if (value.length === 0) return html`<span class="dim">none</span>`
    if (value.every(isRecord)) return tableOf(value, names)
    return html`${value.map(
      (one, index) =>
        html`${index > 0 ? ', ' : ''}${isRecord(one) ? fieldsHtml(one, names) : scalar(name, one, names)}`,
    )}`
  }
  return isRecord(value) ? fieldsHtml(value, names) : scalar(name, value, names)
}

/** What says nothing is left out here; the register in CSV has every field. */
const isEmpty = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  value === '' ||
  (Array.isArray(value) && value.length === 0) ||
  (isRecord(value) && Object.keys(value).length === 0)

export const saying = (body: Readonly<Record<string, unknown>>): [string, unknown][] =>
  Object.entries(body).filter(([, value]) => !isEmpty(value))

export const fieldsHtml = (
  body: Readonly<Record<string, unknown>>,
  names: Names,
  erased: readonly string[] = [],
): Html =>
  html`<dl>
    ${saying(body).map(
      ([name, value]) =>
        html`<dt>${wordsOf(name)}</dt>
          <dd>${valueHtml(name, value, names)}</dd>`,
    )}
    ${erased.map(
      (name) =>
        html`<dt>${wordsOf(name)}</dt>
          <dd class="dim">erased; an entry of the log says by whom and why</dd>`,
    )}
  </dl>`
