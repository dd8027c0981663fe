/** The evidence half as the wiring sees it. */
import type { FastifyInstance } from 'fastify'
import { bindAuditPacks } from './audit-packs/index.ts'
import { bindLedger } from './ledger/index.ts'

export const bindEvidence = (http: FastifyInstance): void => {
  bindLedger(http)
  bindAuditPacks(http)
}
