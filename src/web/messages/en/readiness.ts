/** Sentences about whom P1 would wake. */
export const readiness = {
  title: 'P1 would not wake',
  text: 'Only a proven call or text message sounds on a silenced phone. Mail and browsers do not count.',
  'no-way-wakes': 'no proven call or text message',
  'rules-let-sleep': 'asleep by their own rules from {when}',
  yours: 'Change how I am reached',
  badge: 'P1 would not wake',
  ways: 'Ways to reach people',
  works: 'works here',
  'works-not': 'cannot work here',
} as const
