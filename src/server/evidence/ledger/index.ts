/** The ledger as others see it: who sequences, and what may be read of the logs. */
import type { FastifyInstance } from 'fastify'
import { ledgerRoutes } from '../../../contract/evidence/ledger.ts'
import { bind } from '../../platform/http/bind.ts'
import { eraseFields } from './erase-fields.ts'
import { getCheckpoint, getEntryBundle, getHashTile, getKeys } from './public-files.ts'
import { getLedger, getLedgerEntry, listLedgerEntries } from './read-ledger.ts'
import { handInHead, recoverLedger } from './recover-ledger.ts'

export { openSequencer, type Sequencer } from './sequencer.ts'

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
