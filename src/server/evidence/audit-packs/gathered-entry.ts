/** An entry of a log as packs are made of it: read, and with what was erased of it. */
import type { Leaf } from '../../../domain/evidence/ledger/index.ts'
import type { EntryRow } from './gather-store.ts'

export type GatheredEntry = EntryRow & { readonly read: Leaf; readonly erased: readonly string[] }
