/** What a pack shows of its entries, once every disclosure has been proved. */
import type { JsonValue } from '../ledger/index.ts'

/** Disclosed values by entry id, then by name. */
export type DisclosedFields = ReadonlyMap<string, ReadonlyMap<string, JsonValue>>
