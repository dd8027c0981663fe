/**
 * Configuration as code is made of sections: each area that people want to keep in a file declares one, and people need
 * not know the area. A section says how its entries look, how they are read, and how one is created, changed, put away.
 */
import type { z } from 'zod'
import type { Change } from '../changes.ts'
import type { Db, Tx } from '../../platform/database.ts'
import type { WriteTx } from '../../platform/record.ts'

export type EntryPath = readonly (string | number)[]

/** An entry that names an entry of another section: checked by the engine, which knows the line it stands on. */
export type Reference = {
  /** Where the name stands, within the entry. */
  readonly path: EntryPath
  /** The key of the section that must have it: 'accounts', 'customers', 'environments', 'schedules' … */
  readonly section: string
  readonly name: string
}

/** An entry as it stands in the document, with the place it was found at. */
export type Placed<Entry> = { readonly entry: Entry; readonly path: EntryPath }
export type ConfigurationDocument = Readonly<Record<string, unknown>>

export type ConfigurationSection<Entry extends object> = {
  /** The document's key: 'schedules'. */
  readonly key: string
  /** One of them, as changes are shown: 'schedule'. */
  readonly kind: string
  /**
   * Entries are created in this order and put away in the reverse. Customers 10, accounts 20, environments 30,
   * clusters 40; what refers to those comes later.
   */
  readonly order: number
  /** Of one entry, strict. A field that may be left out is left as it is when it is; null clears it. */
  readonly schema: z.ZodType<Entry>
  /** Unique within the section, for good: another name is another entry. */
  readonly nameOf: (entry: Entry) => string
  readonly references?: (entry: Entry) => readonly Reference[]
  /** The same entry in the spelling `read` uses (zones, defaults), so that an equal entry compares equal. May throw. */
  readonly canonical?: (entry: Entry) => Entry
  /** Everything in use, in the spelling and order an export prints. Never anything secret. */
  readonly read: (db: Db | Tx) => Promise<readonly Entry[]>
  /** Names of entries that were put away and would be in the way of a new one; they are brought back instead. */
  readonly archived?: (db: Db | Tx) => Promise<readonly string[]>
  readonly create: (tx: WriteTx, entry: Entry) => Promise<void>
  /** `changes` has at least one entry; fields that the document leaves out are not in `entry`. */
  readonly update: (tx: WriteTx, entry: Entry, changes: readonly Change[]) => Promise<void>
  readonly archive: (tx: WriteTx, name: string) => Promise<void>
  readonly restore?: (tx: WriteTx, name: string) => Promise<void>
  /** For entries that are not a list under `key`: clusters stand within their environment. */
  readonly placement?: {
    readonly find: (document: ConfigurationDocument) => readonly Placed<Entry>[]
    readonly put: (document: Record<string, unknown>, entries: readonly Entry[]) => void
    /** Whether a document that says so much about others would have said it had it wanted this one kept. */
    readonly covers: (document: ConfigurationDocument, name: string) => boolean
  }
}

/** Thrown by create, update or canonical when a part of the entry cannot be used; the paths lead into the entry. */
export class EntryFault extends Error {
  readonly faults: readonly { readonly path: EntryPath; readonly detail: string }[]
  constructor(faults: readonly { readonly path: EntryPath; readonly detail: string }[]) {
    super(faults[0]?.detail ?? 'this entry cannot be used')
    this.faults = faults
  }
}

const declared = new Map<string, ConfigurationSection<object>>()

/** Called once per section while its module loads. The name of a section is its key and kind. */
export const configurationSection = <Entry extends object>(section: ConfigurationSection<Entry>): void => {
  const name = `${section.key}/${section.kind}`
  if (declared.has(name)) throw new Error(`configuration section ${name} is declared twice`)
  declared.set(name, section as unknown as ConfigurationSection<object>)
}

/** In the order of application, which is the order of an export as well. */
export const configurationSections = (): readonly ConfigurationSection<object>[] =>
  [...declared.values()].sort((a, b) => a.order - b.order)
