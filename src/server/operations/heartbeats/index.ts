/** Heartbeats as other areas see them. */
import type { FastifyInstance } from 'fastify'
import { heartbeatRoutes } from '../../../contract/operations/heartbeats.ts'
import type { Ctx } from '../../platform/context.ts'
import { bind } from '../../platform/http/bind.ts'
import { read } from '../../platform/record.ts'
import { listHeartbeats, putHeartbeat, takeHeartbeatAway } from './keep-heartbeats.ts'
import { keyOf } from './ping-heartbeat.ts'
import { findHeartbeat, listHeartbeatRows, type HeardHeartbeat } from './store.ts'
// What a team keeps in a file: declared while this area loads.
import './section.ts'

export { defineHeartbeat, removeHeartbeat } from './change-heartbeat.ts'
export { pingHeartbeat } from './ping-heartbeat.ts'
export type { HeardHeartbeat } from './store.ts'

/** Of the environment of the key that asks. */
export const heartbeatNamed = (ctx: Ctx, name: string): Promise<HeardHeartbeat | undefined> =>
  read(ctx, (db) => findHeartbeat(db, keyOf(ctx).environmentId, name))

export const heartbeatsOfKey = (ctx: Ctx): Promise<HeardHeartbeat[]> =>
  read(ctx, (db) => listHeartbeatRows(db, keyOf(ctx).environmentId))

export const bindHeartbeats = (http: FastifyInstance): void =>
  bind(http, heartbeatRoutes, { listHeartbeats, putHeartbeat, removeHeartbeat: takeHeartbeatAway })
