/** That a secret link was made or revoked; the secret itself is nowhere. */
import { z } from 'zod'
import { feedOf } from '../../../../contract/operations/calendar-feeds.ts'
import { id } from '../../../../contract/shapes.ts'
import { defineEvent } from '../../../platform/events.ts'

const area = 'on-call'
const body = z.object({ accountId: id, of: feedOf, subjectId: id })
export const calendarFeedMade = defineEvent('calendar-feed.made', { area, body })
export const calendarFeedRevoked = defineEvent('calendar-feed.revoked', { area, body })
