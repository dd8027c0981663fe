/** Lets a test be anybody: the actor travels as JSON in a header. */
import type { FastifyRequest } from 'fastify'
import type { Ctx } from '../context.ts'
import type { Actor } from '../actor.ts'
import { Fault } from '../faults.ts'

/** Actors that a test has declared gone are treated as signed out. */
export const signedOut = new Set<string>()

export const asAnybody = async (request: FastifyRequest, base: Omit<Ctx, 'actor'>): Promise<Ctx> => {
  const given = request.headers['x-test-actor']
  if (request.headers.authorization === 'Bearer wrong')
    throw new Fault('wrong-credentials', 'This token is unknown.')
  if (typeof given !== 'string' || signedOut.has(given))
    return { ...base, actor: { kind: 'anonymous', via: 'web' } }
  return { ...base, actor: JSON.parse(given) as Actor }
}

export const being = (actor: Actor): Record<string, string> => ({ 'x-test-actor': JSON.stringify(actor) })
