/** Around the rota of a fictional team: swaps, hours, calendar links. */
import { calendarFeedRoutes } from '../../../src/contract/operations/calendar-feeds.ts'
import { dutyHoursRoutes } from '../../../src/contract/operations/duty-hours.ts'
import { handOverRoutes } from '../../../src/contract/operations/hand-over.ts'
import { swapRoutes, type SwapReply } from '../../../src/contract/operations/swaps.ts'
import { monday, schedule, week } from './operations.ts'
import { person, team } from './people.ts'
import { days, newId, now, replyTo, type Answer, type Asked } from './reply.ts'

const feedIds = [newId(), newId()] as const
const swapIds = [newId(), newId(), newId()] as const
const swaps = ({ may }: Asked): SwapReply[] => {
  const leg = (giver: number, taker: number, weeks: number) => ({
    rotationId: 'weekly',
    giver: person(giver),
    taker: person(taker),
    from: monday + weeks * week,
    to: monday + (weeks + 1) * week,
  })
  const asked = {
    schedule,
    why: null,
    note: 'School play',
    createdAt: now - days(1),
    changedAt: now - days(1),
    warnings: [],
    can: { answer: false, withdraw: false },
  }
  return [
    {
      ...asked,
      id: swapIds[0],
      status: 'offered',
      askedBy: person(1),
      askedOf: person(0),
      legs: [leg(1, 0, 4), leg(0, 1, 6)],
      warnings: [`${person(0).name}: Less than 11 h of rest between two shifts, once; here 7 h.`],
      can: { answer: may('on-call.override'), withdraw: false },
    },
    {
      ...asked,
      id: swapIds[1],
      status: 'offered',
      askedBy: person(0),
      askedOf: person(2),
      legs: [leg(0, 2, 3)],
      note: null,
      can: { answer: false, withdraw: may('on-call.override') },
    },
    {
      ...asked,
      id: swapIds[2],
      status: 'void',
      why: 'shift-gone',
      askedBy: person(2),
      askedOf: person(1),
      legs: [leg(2, 1, 2)],
    },
  ]
}

const draft = `**Open alerts**

* acme-prod: P1 KubeAPIDown (since Mon, Nov 23, 2026 02:14 +01:00)
* acme-staging: P3 CertificateExpiresSoon (since Fri, Nov 20, 2026 11:00 +01:00)

**Incidents**

None.`
const handOverNote = {
  id: newId(),
  schedule,
  at: monday + week,
  outgoing: [person(0)],
  incoming: [person(1)],
  version: 2,
  text: `${draft}\n\nThe volume of OpenSearch is being enlarged; ask Chidi before you delete anything.`,
  writtenBy: person(0),
  writtenAt: now - days(0.2),
}
const earlierNote = { ...handOverNote, id: newId(), at: monday, text: 'A calm week.', incoming: [person(0)] }

export const rotaReplies: readonly Answer[] = [
  replyTo(handOverRoutes.draftHandOver)((kase, { may }) => ({
    next:
      kase === 'empty'
        ? null
        : {
            schedule,
            at: handOverNote.at,
            outgoing: handOverNote.outgoing,
            incoming: handOverNote.incoming,
            note: handOverNote,
            draft,
          },
    can: { write: may('on-call.override') },
  })),
  replyTo(handOverRoutes.listHandOvers)((kase, { query }) => ({
    rows: kase === 'empty' ? [] : query.get('mine') === 'true' ? [earlierNote] : [handOverNote, earlierNote],
  })),
  replyTo(dutyHoursRoutes.showDutyHours)((kase, { query }) => ({
    from: Number(query.get('from')),
    to: Number(query.get('to')),
    holidays: ['2026-12-24', '2026-12-25'],
    rows:
      kase === 'empty'
        ? []
        : team.slice(0, 4).map(({ id, name }, place) => ({
            person: { id, name },
            zone: 'Europe/Stockholm',
            shifts: 2,
            onCallMinutes: (336 - 41 * place) * 60,
            nightMinutes: (112 - 13 * place) * 60,
            weekendMinutes: (96 - 24 * place) * 60,
            holidayMinutes: place === 1 ? 48 * 60 : 0,
            offHoursMinutes: (236 - 30 * place) * 60,
            pages: 14 - 4 * place,
            offHoursPages: place === 3 ? 0 : 5 - place,
          })),
  })),
  replyTo(calendarFeedRoutes.listCalendarFeeds)((kase) => ({
    rows:
      kase === 'empty'
        ? []
        : [
            { id: feedIds[0], of: 'person', subject: person(0), hint: 'k3Qx', createdAt: now - days(90) },
            {
              id: feedIds[1],
              of: 'schedule',
              subject: { id: schedule.id, name: schedule.name },
              hint: 'Zp0_',
              createdAt: now - days(3),
            },
          ],
  })),
  replyTo(swapRoutes.listSwaps)((kase, asked) => ({
    rows: kase === 'empty' ? [] : swaps(asked),
  })),
]
