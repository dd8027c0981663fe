/** Kinds of observations: declared once by the area that stores them, sealed into the ledger by whoever seals. */

/**
 * Rows that a process stores before it says "received", too many for an entry each. Their table has the columns
 * environment_id, process_id and number; a process numbers the rows of each environment from 1 on, without gaps, in the
 * order in which it commits them.
 */
export type ObservationKind = {
  /** As it stands in the ledger: `alert-receipts`. */
  readonly name: string
  readonly table: string
  /** Column with the instant of the row, epoch milliseconds. */
  readonly atColumn: string
  /** The row's exact bytes, from its columns, the same at any time: they are what is sealed and what an auditor sees. */
  readonly bytesOf: (row: Readonly<Record<string, unknown>>) => Uint8Array
}

const kinds = new Map<string, ObservationKind>()

export const defineObservations = (kind: ObservationKind): ObservationKind => {
  if (kinds.has(kind.name)) throw new Error(`observations ${kind.name} are declared twice`)
  kinds.set(kind.name, kind)
  return kind
}

export const observationKinds = (): ReadonlyMap<string, ObservationKind> => kinds
