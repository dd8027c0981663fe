/** A call through a gateway of one's own: each of its notes is answered with what to do next (docs/phone-lines.md). */
import type { FastifyRequest } from 'fastify'
import { gatewayCallNote } from '../../../contract/operations/phone-lines.ts'
import { readerOfAccount } from '../../people/index.ts'
import { gatewayJson } from '../../platform/carriers/signed-callbacks.ts'
import type { Platform } from '../../platform/context.ts'
import { Fault } from '../../platform/faults.ts'
import { IN_ENGLISH } from '../../platform/messages/languages.ts'
import { say } from './messages.ts'
import { greetingOf, ringOrMiss, type Ring } from './ring.ts'
import { callNamed, leaveMessage, receiveCall, reportOnCall, type CallOnLine } from './take-call.ts'

type GatewayReply = { say: string | null; ring: Omit<Ring, 'reader'> | null; record: boolean }
const NOTHING: GatewayReply = { say: null, ring: null, record: false }

/** @param before what is said ahead of the ringing */
const tellGateway = async (
  platform: Platform,
  found: CallOnLine | undefined,
  before: string | null,
): Promise<GatewayReply> => {
  if (!found || found.call.status === 'taken') return NOTHING
  const ring = await ringOrMiss(platform, found)
  if (!ring) return { say: say(IN_ENGLISH, 'missed'), ring: null, record: true }
  const { reader: _, ...whom } = ring
  return { say: before, ring: whom, record: false }
}

export const answerGateway = async (platform: Platform, request: FastifyRequest): Promise<GatewayReply> => {
  const parsed = gatewayCallNote.safeParse(gatewayJson(platform, request))
  if (!parsed.success) throw new Fault('invalid-input', 'Nothing was changed. This is no note of a gateway.')
  const note = parsed.data
  if (note.type === 'call') {
    const found = await receiveCall(platform, { gatewayId: note.id, from: note.from, to: note.to })
    return tellGateway(platform, found, found ? greetingOf(found) : null)
  }
  const found = await callNamed(platform, { gatewayId: note.id })
  if (!found) return NOTHING
  const { id } = found.call
  switch (note.type) {
    case 'passed': {
      const moved = await reportOnCall(platform, id, { kind: 'pass-on', position: note.position })
      return tellGateway(platform, moved, null)
    }
    case 'taken': {
      const moved = await reportOnCall(platform, id, { kind: 'take', position: note.position })
      const candidate = moved?.call.state.candidates[note.position]
      if (!candidate || moved.call.state.takenBy === candidate.accountId) return NOTHING
      const reader = await readerOfAccount(platform.database.db, candidate.accountId)
      return { ...NOTHING, say: say(reader, 'elsewhere') }
    }
    case 'ended':
      await reportOnCall(platform, id, { kind: 'give-up' })
      return NOTHING
    case 'message':
      await leaveMessage(platform, id, note.url)
      return { ...NOTHING, say: say(IN_ENGLISH, 'thanks') }
  }
}
