/** Escalation policies in OpsGenie's words. */
import type { OpsGenieEscalation, OpsGenieRecipient } from '../../../../contract/compat/opsgenie-on-call.ts'
import type { EscalationTarget } from '../../../../domain/operations/paging/escalation-policy.ts'
type OpsGenieRule = OpsGenieEscalation['rules'][number]
import type { StoredPolicy } from '../../../operations/on-call/index.ts'
import { called, type Asked } from './asked.ts'
import { userRecipient } from './present-schedule.ts'
import type { Sight } from './sight.ts'

/** A role is everybody who has it: nearest to a team, by its name. */
const recipientOf = (sight: Sight, target: EscalationTarget): OpsGenieRecipient => {
  switch (target.kind) {
    case 'account':
      return userRecipient(sight, target.id)
    case 'schedule': {
      const schedule = sight.schedules.find(({ id }) => id === target.id)
      return { type: 'schedule', id: target.id, ...(schedule ? { name: schedule.name } : {}) }
    }
    case 'team':
      return { type: 'team', id: target.id }
    case 'role':
      return { type: 'team', name: target.role }
  }
}

const notifyTypeOf = (target: EscalationTarget): OpsGenieRule['notifyType'] => {
  switch (target.kind) {
    case 'account':
      return 'default'
    case 'role':
      return 'all'
    case 'team':
      return target.who === 'admins' ? 'admins' : 'all'
    case 'schedule':
      return target.who === 'everybody' ? 'all' : target.who === 'now' ? 'default' : (target.who ?? 'default')
  }
}

/** Delays count from the alert there, and from the step before here. */
const present = (policy: StoredPolicy, sight: Sight): OpsGenieEscalation => {
  let minutes = 0
  return {
    id: policy.id,
    name: policy.name,
    description: '',
    rules: policy.steps.flatMap(({ afterMinutes, unless, targets }) => {
      minutes += afterMinutes
      const timeAmount = minutes
      return targets.map((target) => ({
        condition: unless === 'closed' ? ('if-not-closed' as const) : ('if-not-acked' as const),
        notifyType: notifyTypeOf(target),
        delay: { timeAmount, timeUnit: 'minutes' as const },
        recipient: recipientOf(sight, target),
      }))
    }),
    repeat: { waitInterval: 0, count: policy.repeat, resetRecipientStates: false, closeAlertAfterAll: false },
  }
}

export const listEscalations = async (_asked: Asked, sight: Sight) => ({
  data: sight.policies.map((policy) => present(policy, sight)),
})

export const getEscalation = async (asked: Asked, sight: Sight) => ({
  data: present(called(sight.policies, asked.params['identifier'] ?? '', 'Escalation'), sight),
})
