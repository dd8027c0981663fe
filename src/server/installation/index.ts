/** The installation as a whole: backed up while it runs, restored into an empty folder, held until somebody has looked. */
import type { FastifyInstance } from 'fastify'
import { installationAreaRoutes } from '../../contract/installation/installation.ts'
import { bind } from '../platform/http/bind.ts'
import { backUp } from './back-up.ts'
import type { HoldNeighbours } from './hold/neighbours.ts'
import { release } from './hold/release.ts'
import { showHeld } from './hold/show-held.ts'
import { showInstallation } from './show-installation.ts'

export { installationReleased } from './events.ts'
export type { HoldNeighbours } from './hold/neighbours.ts'
export { refuseUnfinishedRestore } from './restored-folder.ts'

export const bindInstallationCare = (http: FastifyInstance, neighbours: HoldNeighbours): void =>
  bind(http, installationAreaRoutes, {
    showInstallation,
    backUp,
    showHeld: (ctx) => showHeld(ctx, neighbours),
    release,
  })
