/** Alert policies of a fictional team. */
import {
  alertPolicyRoutes,
  type AlertPolicyReply,
  type TreatedAlertReply,
} from '../../../src/contract/operations/alert-policies.ts'
import { alerts } from './alerts.ts'
import { customers, environments } from './people.ts'
import { minutes, now, replyTo, type Answer } from './reply.ts'

const staging = environments[1]!
const policies: readonly AlertPolicyReply[] = [
  {
    id: 'customer-words',
    name: 'What the customer of a learning platform calls it, in the words of their contract',
    when: { customers: [customers[2]!.id], labels: [{ label: 'app', oneOf: ['shop', 'checkout'] }] },
    does: {
      kind: 'rewrite',
      message: 'Shop on {{labels.cluster}}: {{message}}',
      priority: 'P1',
      addTags: ['shop'],
      details: { team: 'storefront' },
    },
  },
  {
    id: 'short',
    name: 'Only what stays',
    when: { priorities: ['P2'], environments: [staging.id] },
    does: { kind: 'delay', minutes: 10, occurrences: 5 },
  },
  {
    id: 'pods',
    name: 'One alert for all pods of an application',
    when: { labels: [{ label: 'pod', oneOf: [] }] },
    does: { kind: 'deduplicate', alias: '{{name}} {{labels.cluster}} {{labels.app}}' },
    last: true,
  },
  {
    id: 'calmer',
    name: 'Probes flap',
    when: { labels: [{ label: 'job', oneOf: ['probe'] }] },
    does: { kind: 'damp', flap: { times: 2, withinMinutes: 30, stayMinutes: 5 } },
  },
]

const itself: TreatedAlertReply = {
  message: alerts[0]!.summary,
  priority: 'P2',
  tags: [],
  details: {},
  alias: null,
  holds: null,
  delayMinutes: null,
  delayOccurrences: null,
  closesAfterMinutes: null,
  alwaysPages: false,
  policies: [],
}

export const alertPolicyReplies: readonly Answer[] = [
  replyTo(alertPolicyRoutes.getAlertPolicies)((kase, asked) => ({
    version: kase === 'empty' ? 0 : 7,
    policies: kase === 'empty' ? [] : [...policies],
    names: { [staging.id]: staging.name, [customers[2]!.id]: customers[2]!.name },
    faults:
      kase === 'empty'
        ? []
        : [
            {
              policyId: 'pods',
              at: now - minutes(9),
              count: 3,
              detail: 'the alert lacks a part of its alias',
            },
          ],
    can: { change: asked.may('on-call.change') },
  })),
  replyTo(alertPolicyRoutes.tryAlertPolicies)((kase) => ({
    looked: kase === 'empty' ? 0 : 500,
    touched: kase === 'empty' ? 0 : 41,
    changed: kase === 'empty' ? 0 : 2,
    rows:
      kase === 'empty'
        ? []
        : alerts.slice(0, 2).map(({ id, name, openedAt, environment }, place) => ({
            alert: { id, name, openedAt, environment },
            now: itself,
            would:
              place === 0
                ? { ...itself, priority: 'P1' as const, message: `Shop on one: ${itself.message}` }
                : { ...itself, holds: 'delayed' as const, delayMinutes: 10, tags: ['shop'] },
          })),
    faults: [],
  })),
]
