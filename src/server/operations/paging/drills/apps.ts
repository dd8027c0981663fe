/** Which channels are apps: whether one of them wakes a silenced telephone is for a drill to show. */
import type { Channel } from '../../../../domain/operations/paging/intent.ts'

const APPS: readonly Channel[] = ['web-push', 'ntfy']

export const isApp = (channel: Channel): boolean => APPS.includes(channel)
