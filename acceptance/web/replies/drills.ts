/** Paging drills of a fictional team: one rings, most were taken, one was missed. */
import {
  drillRoutes,
  type DrillDetailReply,
  type DrillReply,
} from '../../../src/contract/operations/drills.ts'
import { policy, provenBefore } from './operations.ts'
import { environmentRef, person, team } from './people.ts'
import { days, minutes, newId, now, pageThrough, replyTo, type Answer } from './reply.ts'

const drill = (place: number, more: Partial<DrillReply>): DrillReply => {
  const askedAt = now - days(place) - minutes(4)
  return {
    id: newId(),
    environment: environmentRef(place % 4),
    person: null,
    status: 'proved',
    why: null,
    scheduled: place > 0,
    askedAt,
    askedBy: place > 0 ? null : person(0),
    dueAt: askedAt + minutes(15),
    endedAt: askedAt + minutes(2),
    takenBy: person(place % 3),
    page: newId(),
    ...more,
  }
}

const open = { endedAt: null, takenBy: null }
const drills: readonly DrillReply[] = [
  drill(0, { status: 'ringing', ...open }),
  drill(1, { person: person(1) }),
  drill(2, { status: 'missed', why: 'nobody-took-it', takenBy: null }),
  drill(3, { person: person(2), status: 'missed', why: 'taken-by-another', takenBy: person(1) }),
  drill(9, {}),
]

const step = (
  what: DrillDetailReply['steps'][number]['what'],
  after: number,
  more: Partial<DrillDetailReply['steps'][number]> = {},
) => ({ what, at: now - minutes(4) + after, person: null, channel: null, detail: '', ...more })

const told = (channel: 'sms' | 'web-push' | 'email') => ({ person: person(0), channel })

const detail: DrillDetailReply = {
  ...drill(0, { takenBy: person(0) }),
  overruledRule: 'calm-nights',
  steps: [
    step('asked', 0, { person: person(0) }),
    step('received', 40),
    step('paged', 44, { detail: policy.name }),
    step('promised', 44, told('sms')),
    step('promised', 44, told('web-push')),
    step('sent', 310, { ...told('web-push'), detail: 'accepted by push.example.net for 1 of 1 browsers' }),
    step('sent', 920, { ...told('sms'), detail: 'accepted by the gateway as SM0123456789abcdef' }),
    step('failed', 1_400, { ...told('email'), detail: '550 5.1.1 no mailbox of this name is known here' }),
    step('delivered', 4_100, { ...told('sms'), detail: 'the phone confirmed it' }),
    step('taken', 93_000, { person: person(0) }),
  ],
  apps: [
    { method: 'web-push', channel: 'web-push', woke: null },
    { method: newId(), channel: 'ntfy', woke: true },
  ],
}

export const drillReplies: readonly Answer[] = [
  replyTo(drillRoutes.listDrills)((kase, asked) => pageThrough(kase === 'empty' ? [] : drills, asked)),
  // Before the drill of any name.
  replyTo(drillRoutes.showProven)((kase) => ({
    environments: [0, 1, 2].map((place) => ({
      environment: environmentRef(place),
      ...provenBefore(kase === 'empty' ? 1 : place * 6),
    })),
    people: team.map(({ id, name }, place) => ({
      person: { id, name },
      ...(place === 1 && kase !== 'empty' ? { provenAt: null, proven: false } : provenBefore(2)),
    })),
  })),
  replyTo(drillRoutes.getDrill)((kase) => (kase === 'empty' ? { ...detail, steps: [], apps: [] } : detail)),
  replyTo(drillRoutes.listDrillPlans)((kase, asked) => ({
    rows:
      kase === 'empty'
        ? []
        : [
            {
              id: newId(),
              environment: environmentRef(0),
              whom: 'policy' as const,
              person: null,
              weekday: 2 as const,
              time: '10:00',
              zone: 'Europe/Stockholm',
              nextAt: now + days(3),
            },
            {
              id: newId(),
              environment: environmentRef(1),
              whom: 'everybody' as const,
              person: null,
              weekday: 4 as const,
              time: '14:30',
              zone: 'America/Argentina/Buenos_Aires',
              nextAt: now + days(5),
            },
          ],
    can: { change: asked.may('on-call.change'), run: asked.may('pages.acknowledge') },
  })),
]
