/** Whose phone rings now, with the number at which it does and what they are asked. */
import { targetOfProven } from '../../people/contact-methods/target.ts'
import { readerOfAccount } from '../../people/index.ts'
import type { Platform } from '../../platform/context.ts'
import { IN_ENGLISH, type Reader } from '../../platform/messages/languages.ts'
import { say } from './messages.ts'
import { reportOnCall, type CallOnLine } from './take-call.ts'

export type Ring = {
  readonly position: number
  readonly number: string
  readonly seconds: number
  readonly ask: string
  readonly reader: Reader
}

/** A way that was taken back meanwhile is passed over, and so on until nobody is left. */
export const ringOf = async (platform: Platform, { call, line }: CallOnLine): Promise<Ring | undefined> => {
  const { status, position, candidates } = call.state
  const candidate = candidates[position]
  if (status !== 'ringing' || !candidate) return undefined
  const target = await targetOfProven(platform, platform.database.db, candidate.methodId)
  if (!target) {
    const next = await reportOnCall(platform, call.id, { kind: 'pass-on', position })
    return next && ringOf(platform, next)
  }
  const reader = await readerOfAccount(platform.database.db, candidate.accountId)
  return {
    position,
    number: target.address,
    seconds: line.ring_seconds,
    ask: say(reader, 'somebody-calls', { line: line.name }),
    reader,
  }
}

/** A line on which nobody can be rung misses its call at once. */
export const ringOrMiss = async (platform: Platform, found: CallOnLine): Promise<Ring | undefined> => {
  const ring = await ringOf(platform, found)
  if (!ring && found.call.status === 'ringing')
    await reportOnCall(platform, found.call.id, { kind: 'give-up' })
  return ring
}

/** Callers are strangers: what they hear is English, or what the line says. */
export const greetingOf = ({ line }: CallOnLine): string =>
  line.greeting || say(IN_ENGLISH, 'greeting', { line: line.name })
