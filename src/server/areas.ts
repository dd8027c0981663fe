/** Every area of the product in one list: what is not here is not reachable. */
import type { FastifyInstance } from 'fastify'
import type { Platform } from './platform/context.ts'

export const bindAreas = async (_http: FastifyInstance, _platform: Platform): Promise<void> => {}
