/** Duty in one's own calendar: secret links that a calendar program reads, made and revoked by whoever uses them. */
import { z } from 'zod'
import { defineRoutes } from '../route.ts'
import { done, id, instant, slug } from '../shapes.ts'

/** `person`: one's own shifts in every rota; `team`: those of all its members; `schedule`: a rota whole, with its gaps. */
export const feedOf = z.enum(['person', 'team', 'schedule'])

export const calendarFeed = z.object({
  id,
  of: feedOf,
  /** The person, the team or the rota. */
  subject: z.object({ id, name: z.string() }),
  /** The last letters of the link, to tell several apart. */
  hint: z.string(),
  createdAt: instant,
})
export type CalendarFeedReply = z.infer<typeof calendarFeed>

export const calendarFeedRoutes = defineRoutes({
  listCalendarFeeds: {
    method: 'GET',
    path: '/api/calendar-feeds',
    summary: 'My secret links for calendar programs, without their secrets.',
    permission: 'on-call.read',
    reply: z.object({ rows: z.array(calendarFeed) }),
  },
  createCalendarFeed: {
    method: 'POST',
    path: '/api/calendar-feeds',
    summary:
      'Makes a secret link to my shifts, to those of a team, or to a rota (`subject`: its slug or id). It is shown once, works while I am here, and is revoked when I say so.',
    permission: 'on-call.read',
    body: z.object({ of: feedOf, subject: slug.optional() }),
    reply: z.object({ feed: calendarFeed, url: z.string() }),
    status: 201,
    errors: ['not-allowed', 'not-found', 'invalid-input', 'conflict'],
  },
  revokeCalendarFeed: {
    method: 'DELETE',
    path: '/api/calendar-feeds/:feed',
    summary: 'Revokes a secret link: from now on it opens nothing.',
    permission: 'on-call.read',
    params: z.object({ feed: id }),
    reply: done,
    errors: ['not-found'],
  },
  readCalendarFeed: {
    method: 'GET',
    path: '/calendars/:secret',
    summary:
      'What a calendar program reads (iCalendar, RFC 5545): shifts from 4 weeks ago to half a year ahead. The address is the secret.',
    permission: 'public',
    params: z.object({ secret: z.string().max(100) }),
    reply: z.unknown(),
    errors: ['link-expired'],
  },
})
