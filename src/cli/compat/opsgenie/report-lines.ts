/** The report of an import as a person reads it: how many fields of what, then what was changed or refused, and why. */
import type { OpsGenieImport } from '../../../domain/compat/opsgenie/import-opsgenie.ts'
import { printable } from '../../shell/printable.ts'
import { table } from '../../shell/table.ts'

const KINDS = ['imported', 'changed', 'refused'] as const

const counts = (done: OpsGenieImport, columns: number | undefined): string[] => {
  const folders = new Map<string, Record<(typeof KINDS)[number], number>>()
  for (const kind of KINDS)
    for (const { file } of done[kind]) {
      const folder = file.split('/')[0] ?? ''
      const row = folders.get(folder) ?? { imported: 0, changed: 0, refused: 0 }
      row[kind] += 1
      folders.set(folder, row)
    }
  const row = (name: string, numbers: readonly number[]): string[] => [
    name,
    ...[numbers.reduce((sum, number) => sum + number, 0), ...numbers].map(String),
  ]
  const rows = [...folders]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([folder, { imported, changed, refused }]) => row(folder, [imported, changed, refused]))
  const all = row('all', [done.imported.length, done.changed.length, done.refused.length])
  return table(['FOLDER', 'FIELDS', 'IMPORTED', 'CHANGED', 'REFUSED'], [...rows, all], columns)
}

/** Fields of one file with one reason are one line: a refused user has twenty fields and one cause. */
const refusedLines = ({ refused }: OpsGenieImport): string[] => {
  const lines = new Map<string, { first: string; why: string; fields: number }>()
  for (const { file, path, why } of refused) {
    const key = JSON.stringify([file, why])
    const line = lines.get(key)
    if (line) line.fields += 1
    else lines.set(key, { first: `${file} ${path}`, why, fields: 1 })
  }
  return [...lines.values()].map(
    ({ first, why, fields }) =>
      `  ${printable(first)}${fields > 1 ? ` and ${fields - 1} more` : ''}: ${printable(why)}`,
  )
}

const changedLines = ({ changed }: OpsGenieImport): string[] =>
  changed.map(({ file, path, from, to, why }) =>
    printable(`  ${file} ${path}: ${JSON.stringify(from)} → ${JSON.stringify(to)}, ${why}`),
  )

const titled = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['', title, ...lines]

/** @param columns width of the terminal; undefined when piped */
export const reportLines = (done: OpsGenieImport, columns?: number): string[] => {
  const {
    accounts,
    teams,
    schedules,
    escalationPolicies,
    routingRules = [],
    heartbeats = [],
    alertPolicies = [],
  } = done.document
  return [
    ...counts(done, columns),
    ...titled('Changed:', changedLines(done)),
    ...titled('Refused:', refusedLines(done)),
    ...titled(
      'Added, which the source does not say:',
      done.added.map(({ path, why }) => printable(`  ${path}: ${why}`)),
    ),
    ...titled(
      'To be run once the document was applied (--after after.sh writes them):',
      done.afterwards.map((words) => printable(`  fortnight ${words.join(' ')}`)),
    ),
    '',
    `The document has ${accounts.length} accounts, ${teams.length} teams, ${schedules.length} schedules and ${escalationPolicies.length} escalation policies.`,
    ...(routingRules.length + heartbeats.length + alertPolicies.length === 0
      ? []
      : [
          `And ${routingRules.length} routing rules, ${heartbeats.length} heartbeats and ${alertPolicies.length} alert policies.`,
        ]),
  ]
}
