/** Sentences about whom P1 would wake. */
export const readiness = {
  title: 'P1 would not wake',
  text: 'A proven call or text message sounds on a silenced phone; an app counts once it woke its owner in a drill.',
  'no-way-wakes': 'no proven call or text message, and no app that woke them in a drill',
  'rules-let-sleep': 'asleep by their own rules from {when}',
  yours: 'Change how I am reached',
  badge: 'P1 would not wake',
  'badge-unproven': 'not proven in a week',
  ways: 'Ways to reach people',
  works: 'works here',
  'works-not': 'cannot work here',
} as const
