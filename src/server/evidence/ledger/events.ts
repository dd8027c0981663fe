/** What the ledger says about itself; each is an entry like any other. */
import { z } from 'zod'
import { id, instant } from '../../../contract/shapes.ts'
import { defineEvent } from '../../platform/events.ts'

const area = 'ledger'
/** A head as proofs name it: number of entries, and the base64 of the Merkle root. */
const head = z.object({ size: z.number().int(), root: z.string() })
const source = z.enum(['key-folder', 'checkpoint', 'handed-in'])

/** In the organisation's log: so far had the log of an environment come. Orders the logs, and makes one head stand for all. */
export const logCheckpointed = defineEvent('log.checkpointed', {
  area,
  body: z.object({ log: id, size: z.number().int(), root: z.string() }),
})

/** A signed head of the past is none of this database's: it was restored, or somebody rewrote it. */
export const logContradicted = defineEvent('log.contradicted', {
  area,
  body: z.object({ log: id, source, known: head, held: head }),
})

/** The recovery ceremony: a person acknowledged what was lost, and the log goes on from what is held. */
export const logRecovered = defineEvent('log.recovered', {
  area,
  body: z.object({ log: id, reason: z.string(), acknowledged: z.array(head), held: head }),
})

/** The ledger's key handed over to the next one; `statement` is the note that both signed. In every log. */
export const keyRotated = defineEvent('key.rotated', {
  area,
  body: z.object({ statement: z.string(), reason: z.string() }),
})

/** Entries that were recorded before or after the time at which they were: by a process whose clock is wrong, or very slowly. */
export const clockSkewed = defineEvent('clock.skewed', {
  area,
  body: z.object({
    entries: z.number().int(),
    worstMs: z.number().int(),
    worstEntry: id,
    recordedAt: instant,
    newestAt: instant,
  }),
})

/** Rows too many for a leaf each, sealed as one; `window` is what docs/audit-pack.md says. */
export const observationsSealed = defineEvent('observations.sealed', {
  area,
  body: z.object({
    kind: z.string(),
    window: z.object({
      v: z.literal(1),
      count: z.number().int(),
      spans: z.array(z.object({ process: z.string(), first: z.number().int(), last: z.number().int() })),
      root: z.string(),
      previous: z.string().optional(),
    }),
  }),
})

/** Fields of entries that were removed for good; the entries and the digests stay. */
export const erasureExecuted = defineEvent('erasure.executed', {
  area,
  body: z.object({
    entry: id,
    type: z.string(),
    fields: z.array(z.string()),
    digests: z.array(z.string()),
    reason: z.string(),
  }),
})
