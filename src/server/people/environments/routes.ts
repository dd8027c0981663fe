/** Binds the routes of environments, clusters and integration keys. */
import type { FastifyInstance } from 'fastify'
import { environmentRoutes, keyRoutes } from '../../../contract/people/environments.ts'
import { bind } from '../../platform/http/bind.ts'
import { notStored } from '../not-stored.ts'
import { archiveEnvironment, restoreEnvironment } from './archive-environment.ts'
import { addCluster, archiveCluster, updateCluster } from './change-clusters.ts'
import { createKey, listKeys, revokeKey } from './change-keys.ts'
import { createEnvironment } from './create-environment.ts'
import { getEnvironment, listEnvironments } from './list-environments.ts'
import { updateEnvironment } from './update-environment.ts'

export const bindEnvironments = (http: FastifyInstance): void => {
  bind(http, environmentRoutes, {
    listEnvironments,
    getEnvironment,
    createEnvironment,
    updateEnvironment,
    archiveEnvironment,
    restoreEnvironment,
    addCluster,
    updateCluster,
    archiveCluster,
  })
  bind(http, keyRoutes, {
    listKeys,
    createKey: async (ctx, input) => notStored(201, await createKey(ctx, input)),
    revokeKey,
  })
}
