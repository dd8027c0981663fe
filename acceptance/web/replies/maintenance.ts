/** Maintenance windows of a fictional team: one that lasts, one that is planned, one that is over. */
import {
  maintenanceRoutes,
  type WindowDetailReply,
  type WindowReply,
} from '../../../src/contract/operations/maintenance.ts'
import { alerts } from './alerts.ts'
import { environmentRef, person } from './people.ts'
import { days, hours, minutes, newId, now, replyTo, type Answer, type Case } from './reply.ts'

const lasting: WindowReply = {
  id: newId(),
  environment: environmentRef(0),
  decision: {
    id: newId(),
    number: 'D-12',
    what: 'Upgrade the nodes of workload-1 and workload-2 to the kernel that was built last week',
  },
  scope: {
    clusters: ['workload-1', 'workload-2'],
    labels: [{ label: 'severity', oneOf: ['critical'], not: true }],
  },
  state: 'lasting',
  suppresses: true,
  startsAt: now - hours(1),
  announcedEndAt: now + minutes(15),
  endsAt: now + minutes(75),
  ended: null,
  plannedAt: now - days(3),
  plannedBy: person(1),
  suppressedCount: 3,
}
const planned: WindowReply = {
  ...lasting,
  id: newId(),
  environment: environmentRef(2),
  scope: {},
  state: 'planned',
  suppresses: false,
  startsAt: now + days(1),
  announcedEndAt: now + days(1) + hours(3),
  endsAt: now + days(1) + hours(3),
  suppressedCount: 0,
}
const over: WindowReply = {
  ...lasting,
  id: newId(),
  state: 'over',
  suppresses: false,
  startsAt: now - days(2),
  announcedEndAt: now - days(2) + hours(4),
  endsAt: now - days(2) + hours(4),
  ended: { at: now - days(2) + hours(1), how: 'decision' },
  suppressedCount: 41,
}

const detail = (kase: Case): WindowDetailReply => ({
  ...(kase === 'empty' ? planned : lasting),
  suppressed:
    kase === 'empty'
      ? []
      : alerts.slice(0, 3).map(({ id, name, summary, priority, status }, place) => ({
          id,
          name,
          summary,
          priority,
          status,
          suppressedAt: now - minutes(40 - place * 9),
        })),
  extensions:
    kase === 'empty'
      ? []
      : [
          {
            at: now - minutes(20),
            by: person(1),
            from: lasting.announcedEndAt,
            endsAt: lasting.endsAt,
            reason: 'Node worker-7 hangs in its boot loader and is set up anew',
          },
        ],
  can: { extend: true, finish: true },
})

export const maintenanceReplies: readonly Answer[] = [
  replyTo(maintenanceRoutes.listWindows)((kase, asked) => ({
    rows: kase === 'empty' ? [] : asked.query.get('current') ? [planned, lasting] : [planned, lasting, over],
    next: null,
  })),
  replyTo(maintenanceRoutes.getWindow)(detail),
]
