/** The evidence half as the wiring sees it. */
import type { FastifyInstance } from 'fastify'
import { bindLedger } from './ledger/index.ts'

export const bindEvidence = (http: FastifyInstance): void => {
  bindLedger(http)
}
