/** Changes the name that stands at the top of pages and packs. */
import type { Ctx } from '../../platform/context.ts'
import { NOTHING_CHANGED, record, type WriteTx } from '../../platform/record.ts'
import { organisationRenamed } from './events.ts'
import { findInstallation, storeOrganisation } from './store.ts'

/** @returns false when it is called that already */
export const changeOrganisation = async (tx: WriteTx, name: string): Promise<boolean> => {
  const installation = await findInstallation(tx.db)
  if (!installation) throw new Error('there is no installation row')
  if (installation.organisation === name) return false
  await storeOrganisation(tx.db, name)
  tx.append(organisationRenamed, {
    stream: installation.id,
    body: { from: installation.organisation, to: name },
  })
  return true
}

export const renameOrganisation = async (ctx: Ctx, { name }: { name: string }): Promise<{ name: string }> => {
  await record(ctx, async (tx) => ((await changeOrganisation(tx, name)) ? undefined : NOTHING_CHANGED))
  return { name }
}
