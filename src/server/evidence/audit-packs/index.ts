/** Audit packs as others see them. */
import type { FastifyInstance } from 'fastify'
import { auditPackRoutes } from '../../../contract/evidence/audit-packs.ts'
import { bind } from '../../platform/http/bind.ts'
import { raw } from '../../platform/http/raw-reply.ts'
import type { WriteTx } from '../../platform/record.ts'
import { getPack, listPacks, takePack } from './read-packs.ts'
import { requestPack } from './request-pack.ts'
import { removePackFile } from './tasks.ts'
import { withdrawPacksOf } from './withdraw-packs.ts'

/** Words of this environment (null: of the organisation) are erased in this transaction: packs that hold them go with them. */
export const withdrawPacksWithErasedWords = (tx: WriteTx, environmentId: string | null): Promise<void> =>
  withdrawPacksOf(tx, environmentId, (inTx, name) => inTx.later(removePackFile, { payload: { name } }))

export const bindAuditPacks = (http: FastifyInstance): void => {
  bind(http, auditPackRoutes, {
    requestPack: async (ctx, input) => getPack(ctx, { packId: await requestPack(ctx, input) }),
    listPacks,
    getPack,
    downloadPack: async (ctx, input) => {
      const { bytes, fileName } = await takePack(ctx, input)
      return raw((reply) =>
        reply
          .type('application/zip')
          .header('content-disposition', `attachment; filename="${fileName}"`)
          .header('cache-control', 'private, no-store')
          .send(bytes),
      )
    },
  })
}
