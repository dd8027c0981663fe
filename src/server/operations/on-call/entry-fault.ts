/** Says where in an entry of a team's file something is wrong, so that its line can be named. */
import { EntryFault, type EntryPath } from '../../people/configuration/section.ts'
import { Fault } from '../../platform/faults.ts'
import type { DocumentFault } from './configuration.ts'

export const throwFaults = (faults: readonly DocumentFault[]): void => {
  if (faults.length > 0) throw new EntryFault(faults)
}

/** `body.layers.0.zone` of a request is `layers.0.zone` of an entry: they are spelled the same. */
const entryPath = (path: string): EntryPath =>
  path
    .split('.')
    .slice(1)
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part))

/** Runs a verb and says what it found wrong with a request as what is wrong with the entry. */
export const asEntry = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Fault) || error.errors === undefined) throw error
    throw new EntryFault(error.errors.map(({ path, detail }) => ({ path: entryPath(path), detail })))
  }
}
