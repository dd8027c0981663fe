/** Escalation policies in OpsGenie's words. */
import type { OpsGenieEscalation, OpsGenieRecipient } from '../../../../contract/compat/opsgenie-on-call.ts'
import type { EscalationTarget } from '../../../../domain/operations/paging/escalation-policy.ts'
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
    case 'role':
      return { type: 'team', name: target.role }
  }
}

/** Delays count from the alert there, and from the step before here. */
const present = (policy: StoredPolicy, sight: Sight): OpsGenieEscalation => {
  let minutes = 0
  return {
    id: policy.id,
    name: policy.name,
    description: '',
    rules: policy.steps.flatMap(({ afterMinutes, targets }) => {
      minutes += afterMinutes
      const timeAmount = minutes
      return targets.map((target) => ({
        condition: 'if-not-acked' as const,
        notifyType: target.kind === 'role' ? ('all' as const) : ('default' as const),
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
