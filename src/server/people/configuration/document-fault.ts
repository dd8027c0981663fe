/** How faults of a document are told: each with the line it stands on. */
import { Fault } from '../../platform/faults.ts'
import type { EntryPath } from './section.ts'

const MOST_FAULTS = 50

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
