/** The ledger as others see it: who sequences, and what may be read of the logs. */
import type { FastifyInstance } from 'fastify'
import { ledgerRoutes } from '../../../contract/evidence/ledger.ts'
import { bind } from '../../platform/http/bind.ts'
import { eraseFields } from './erase-fields.ts'
import { getCheckpoint, getEntryBundle, getHashTile, getKeys } from './public-files.ts'
import { getLedger, getLedgerEntry, listLedgerEntries } from './read-ledger.ts'
import { handInHead, recoverLedger } from './recover-ledger.ts'

export { openSequencer, type Sequencer } from './sequencer.ts'
export { erasureExecuted } from './events.ts'
export { headlineOf } from './headline.ts'
export { ed25519Verify, ledgerSigner, packKeyName, type LedgerSigner } from './keys.ts'
export { findObservations } from './observation-store.ts'
export { keysText, originOfOrganisation } from './public-files.ts'
export { isRetired, recordedRotations } from './rotations.ts'
export { openTree, subtreesOfRanges, TreeDamaged } from './tree.ts'
export { findNewestCheckpoint, findOrigins } from './view-store.ts'

export const bindLedger = (http: FastifyInstance): void => {
  bind(http, ledgerRoutes, {
    getLedger,
    listLedgerEntries,
    getLedgerEntry,
    handInHead,
    recoverLedger,
    eraseFields,
    getCheckpoint,
    getEntryBundle,
    getHashTile,
    getKeys,
  })
}
