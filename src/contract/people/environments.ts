/** Environments: what is run for a customer, on a management cluster and its workload clusters. */
import { z } from 'zod'
import { defineRoutes } from '../route.ts'
import { environmentRef, id, instant, line, pageOf, paging, personRef, slug } from '../shapes.ts'
import { handle } from './accounts.ts'

/** A calendar day, `2026-11-23`. */
export const calendarDay = z.iso.date()
const short = line(100)
const version = line(60)
export const componentName = line(60)
export const clusterRole = z.enum(['management', 'workload'])
/** metadata.uid of the namespace kube-system: the only name of a cluster that its owner cannot change. */
export const kubeSystemUid = z
  .string()
  .regex(
    /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
    'the UID of the namespace kube-system',
  )

export const cluster = z.object({
  id,
  name: z.string(),
  role: clusterRole,
  version: z.string().nullable(),
  kubeSystemUid: z.string().nullable(),
})
export type Cluster = z.input<typeof cluster>

export const environment = z.object({
  id,
  slug: z.string(),
  name: z.string(),
  customer: z.object({ id, slug: z.string(), name: z.string() }),
  plan: z.string().nullable(),
  provider: z.string().nullable(),
  version: z.string().nullable(),
  components: z.array(z.string()),
  commissionedOn: z.string().nullable(),
  deliveryManager: personRef.nullable(),
  clusters: z.array(cluster),
  createdAt: instant,
  archivedAt: instant.nullable(),
})
export type Environment = z.input<typeof environment>

/** null clears a field, leaving it out leaves it. */
export const environmentFields = {
  plan: short.nullable().optional(),
  provider: short.nullable().optional(),
  version: version.nullable().optional(),
  components: z.array(componentName).max(200).optional(),
  commissionedOn: calendarDay.nullable().optional(),
}
export const clusterFields = {
  role: clusterRole,
  version: version.nullable().optional(),
  kubeSystemUid: kubeSystemUid.nullable().optional(),
}
/** A person by handle or id. */
const person = handle.or(id)

export const newEnvironment = z.strictObject({
  customer: slug.or(id),
  slug,
  name: short,
  ...environmentFields,
  deliveryManager: person.nullable().optional(),
})
const changedEnvironmentFields = {
  name: short.optional(),
  ...environmentFields,
  deliveryManager: person.nullable().optional(),
}
/** `expects`: fields as they were when they were looked at; refused with `conflict` when one of them is something else by now. */
export const changedEnvironment = z.strictObject({
  ...changedEnvironmentFields,
  expects: z.strictObject(changedEnvironmentFields).optional(),
})
export const clusterName = slug
export const newCluster = z.strictObject({ name: clusterName, ...clusterFields })
const changedClusterFields = {
  name: clusterName.optional(),
  role: clusterRole.optional(),
  version: clusterFields.version,
  kubeSystemUid: clusterFields.kubeSystemUid,
}
export const changedCluster = z.strictObject({
  ...changedClusterFields,
  expects: z.strictObject(changedClusterFields).optional(),
})

/** Either form is accepted wherever an environment is named. */
export const environmentPath = z.object({ environment: slug.or(id) })
const clusterPath = z.object({ clusterId: id })

export const environmentRoutes = defineRoutes({
  listEnvironments: {
    method: 'GET',
    path: '/api/environments',
    summary: 'List environments; a contact sees those of their customer',
    permission: 'environments.read',
    query: paging.extend({
      customer: slug.or(id).optional(),
      archived: z.enum(['true', 'false']).optional(),
    }),
    reply: pageOf(environment),
  },
  getEnvironment: {
    method: 'GET',
    path: '/api/environments/:environment',
    summary: 'One environment, by slug or id',
    permission: 'environments.read',
    params: environmentPath,
    reply: environment,
    errors: ['not-found'],
  },
  createEnvironment: {
    method: 'POST',
    path: '/api/environments',
    summary: 'Create an environment and its ledger',
    permission: 'environments.change',
    body: newEnvironment,
    reply: environment,
    status: 201,
    errors: ['already-exists', 'not-found'],
  },
  updateEnvironment: {
    method: 'PATCH',
    path: '/api/environments/:environment',
    summary:
      'Change what is recorded about an environment; with `expects`, only if it is still as it was looked at',
    permission: 'environments.change',
    params: environmentPath,
    body: changedEnvironment,
    reply: environment,
    errors: ['not-found', 'conflict'],
  },
  archiveEnvironment: {
    method: 'POST',
    path: '/api/environments/:environment/archive',
    summary: 'Archive an environment: its keys stop working, its history stays',
    permission: 'environments.change',
    params: environmentPath,
    reply: environment,
    errors: ['not-found'],
  },
  restoreEnvironment: {
    method: 'POST',
    path: '/api/environments/:environment/restore',
    summary: 'Take an environment back into use',
    permission: 'environments.change',
    params: environmentPath,
    reply: environment,
    errors: ['not-found'],
  },
  addCluster: {
    method: 'POST',
    path: '/api/environments/:environment/clusters',
    summary: 'Add a cluster to an environment',
    permission: 'environments.change',
    params: environmentPath,
    body: newCluster,
    reply: cluster,
    status: 201,
    errors: ['already-exists', 'not-found'],
  },
  updateCluster: {
    method: 'PATCH',
    path: '/api/clusters/:clusterId',
    summary: 'Change a cluster; with `expects`, only if it is still as it was looked at',
    permission: 'environments.change',
    params: clusterPath,
    body: changedCluster,
    reply: cluster,
    errors: ['already-exists', 'not-found', 'conflict'],
  },
  archiveCluster: {
    method: 'POST',
    path: '/api/clusters/:clusterId/archive',
    summary: 'Archive a cluster',
    permission: 'environments.change',
    params: clusterPath,
    reply: cluster,
    errors: ['not-found'],
  },
})

export const integrationKey = z.object({
  id,
  environment: environmentRef,
  name: z.string(),
  hint: z.string(),
  createdAt: instant,
  expiresAt: instant.nullable(),
  revokedAt: instant.nullable(),
  lastUsedAt: instant.nullable(),
})
export type IntegrationKey = z.input<typeof integrationKey>

export const keyRoutes = defineRoutes({
  listKeys: {
    method: 'GET',
    path: '/api/environments/:environment/keys',
    summary: 'List the integration keys of an environment, without their secrets',
    permission: 'keys.change',
    params: environmentPath,
    reply: z.object({ rows: z.array(integrationKey) }),
    errors: ['not-found'],
  },
  createKey: {
    method: 'POST',
    path: '/api/environments/:environment/keys',
    summary: 'Make an integration key; its secret is shown in this reply and never again',
    permission: 'keys.change',
    params: environmentPath,
    body: z.strictObject({ name: short, expiresAt: instant.optional() }),
    reply: z.object({ key: integrationKey, secret: z.string() }),
    status: 201,
    errors: ['not-found'],
  },
  revokeKey: {
    method: 'DELETE',
    path: '/api/keys/:keyId',
    summary: 'Revoke an integration key at once',
    permission: 'keys.change',
    params: z.object({ keyId: id }),
    reply: integrationKey,
    errors: ['not-found'],
  },
})
