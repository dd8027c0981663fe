/** What the Operator Log says about a change in one line, wherever it is shown. */
import { catalogue } from '../../platform/messages/catalogue.ts'

export const say = catalogue('operator-log', {
  'decision.decided': 'Decision {number}: {what}',
  'decision.glass-broken': 'Break-glass {number}: {what}',
  'log-entry.recorded': 'Operator Log {number}: {what}',
  'change.announced': 'Announced: {what}',
  otherwise: '{type} {number}: {what}',
  erased: '(erased)',
  somebody: 'somebody',
})
