/** For assert.rejects: a fault of this code whose sentence says what a person needs to know. */
import type { Fault } from '../../platform/faults.ts'

export const isFault =
  (code: string, says: RegExp) =>
  (error: unknown): boolean => {
    const fault = error as Fault
    return fault.code === code && says.test(fault.message)
  }
