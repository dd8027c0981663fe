/** A line that customers call, with a call that was taken and one that was missed. */
import { phoneLineRoutes, type PhoneLineReply } from '../../../src/contract/operations/phone-lines.ts'
import { person } from './people.ts'
import { days, minutes, newId, now, replyTo, type Answer } from './reply.ts'

type PhoneCallReply = PhoneLineReply['calls'][number]
const phoneCall = (n: number, more: Partial<PhoneCallReply>): PhoneCallReply => ({
  id: newId(),
  receivedAt: now - days(n),
  endedAt: now - days(n) + minutes(1),
  status: 'taken',
  from: '+46705550777',
  takenBy: person(1),
  rangAt: [person(1)],
  messageUrl: null,
  ...more,
})

export const phoneLineReplies: readonly Answer[] = [
  replyTo(phoneLineRoutes.listPhoneLines)((kase) => ({
    rows:
      kase === 'empty'
        ? []
        : [
            {
              number: '+46705550100',
              name: 'Acme hotline',
              greeting: '',
              priority: 1,
              ringSeconds: 25,
              calls: [
                phoneCall(1, {}),
                phoneCall(2, {
                  status: 'missed',
                  from: null,
                  takenBy: null,
                  messageUrl: 'https://gateway.example.org/messages/1',
                }),
              ],
            },
          ],
    wouldRing: kase === 'empty' ? [] : [person(1)],
    lacks: null,
    can: { change: true },
  })),
]
