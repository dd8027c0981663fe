/** Whether telling somebody would reach them: a screen tells only those who look at it. */
import type { Channel } from './intent.ts'

/** `away`: a mail or a push finds them. `screen-only`: they learn of it if they happen to have Fortnight open. */
export type Reach = 'away' | 'screen-only'

/** @param channels as `channelsFor` gives them */
export const reachOf = (channels: readonly Channel[]): Reach =>
  channels.some((channel) => channel !== 'screen') ? 'away' : 'screen-only'

/**
 * @param channels by account id, of everybody whom a step means
 * @returns those who should count as nobody: `unreachable` of `begin-step`
 */
export const unreachableAmong = (
  accountIds: readonly string[],
  channels: ReadonlyMap<string, readonly Channel[]>,
): readonly string[] =>
  accountIds.filter((accountId) => reachOf(channels.get(accountId) ?? []) === 'screen-only')
