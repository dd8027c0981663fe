/** Reads a configuration document: YAML text to entries, and any place in it back to the line a person sees. */
import { z } from 'zod'
import { CONFIGURATION_VERSION } from '../../../contract/people/configuration.ts'
import { line } from '../../../contract/shapes.ts'
import { documentFault, type LineFault } from './document-fault.ts'
import { configurationSections, type ConfigurationDocument, type EntryPath } from './section.ts'

const MOST_ENTRIES = 5_000

export type ReadDocument = {
  readonly document: ConfigurationDocument
  /** The line, counted from 1, of a place in the document, or of the nearest place around it. */
  readonly lineOf: (path: EntryPath) => number
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
export const readDocument = async (text: string): Promise<ReadDocument> => {
  const { readYaml } = await import('./yaml-text.ts')
  const { value, lineOf } = readYaml(text)
  const checked = documentSchema().safeParse(value ?? {})
  if (!checked.success) throw documentFault(faultsOf(checked.error, lineOf))
  return { document: checked.data, lineOf }
}
