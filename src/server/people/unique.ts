/** Turns the database's "this value is taken" into words: two requests at once are decided by the unique index, not by us. */
import { Fault } from '../platform/faults.ts'

/** @param sentences by constraint name. Anything else is thrown on unchanged. */
export const sayingWhatExists = async <T>(
  sentences: Readonly<Record<string, string>>,
  work: () => Promise<T>,
): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    const { code, constraint = '' } = error as { code?: string; constraint?: string }
    const sentence = code === '23505' ? sentences[constraint] : undefined
    if (sentence === undefined) throw error
    throw new Fault('already-exists', sentence, { cause: error })
  }
}
