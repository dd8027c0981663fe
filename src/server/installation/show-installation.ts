/** What the frame of every page wants to know: whose installation this is, and whether it is held. */
import type { InstallationShape } from '../../contract/installation/installation.ts'
import { findInstallation } from '../people/index.ts'
import type { Ctx } from '../platform/context.ts'
import { read } from '../platform/record.ts'
import { VERSION } from '../platform/version.ts'
import { findOrigin } from './hold/find-origin.ts'

export const showInstallation = async (ctx: Ctx): Promise<InstallationShape> => {
  const installation = await read(ctx, findInstallation)
  return {
    organisation: installation?.organisation ?? '',
    version: VERSION,
    held: await findOrigin(ctx),
  }
}
