/** How a person is told, in OpsGenie's words: their contacts and notification rules, which nobody reads but themselves. */
import type { OpsGenieContact, OpsGenieNotificationRule } from '../../../../contract/compat/opsgenie-ways.ts'
import { listContactMethods } from '../../../people/contact-methods/contact-methods.ts'
import { getNotificationRules } from '../../../operations/paging/notification-rules.ts'
import { OpsGenieFault } from '../answer.ts'
import type { Asked } from './asked.ts'
import type { Sight } from './sight.ts'
import { userAsked } from './users.ts'

const NOT_YOURS = 40_301

/** What OpsGenie knows; other ways have no name there and are left out. */
const METHODS: Readonly<Record<string, OpsGenieContact['method']>> = {
  email: 'email',
  sms: 'sms',
  voice: 'voice',
  'web-push': 'mobile',
}
const methodOf = (channel: string): OpsGenieContact['method'] | undefined =>
  Object.hasOwn(METHODS, channel) ? METHODS[channel] : undefined

/** @throws OpsGenieFault 403 for anybody else's: where people are reached is theirs */
const requireOwn = (asked: Asked, sight: Sight): void => {
  const { actor } = asked.ctx
  const user = userAsked(asked, sight)
  if (actor.kind !== 'person' || actor.accountId !== user.id)
    throw new OpsGenieFault(403, 'Everybody reads only their own contacts and notification rules here.', {
      code: NOT_YOURS,
    })
}

/** Addresses as their owner knows them again, never whole. */
const contactsOf = async ({ ctx }: Asked): Promise<OpsGenieContact[]> => {
  const { ways } = await getNotificationRules(ctx)
  const { rows } = await listContactMethods(ctx)
  const usable = new Set(ways.map(({ method }) => method))
  const found = [
    ...ways
      .filter(({ method }) => method === 'email' || method === 'web-push')
      .map(({ method, address }) => ({ id: method, kind: method, address: address ?? 'browsers' })),
    ...rows.map(({ id, kind, address }) => ({ id, kind, address })),
  ]
  return found.flatMap(({ id, kind, address }) => {
    const method = methodOf(kind)
    return method === undefined ? [] : [{ id, method, to: address, status: { enabled: usable.has(id) } }]
  })
}

export const listContacts = async (asked: Asked, sight: Sight) => {
  requireOwn(asked, sight)
  return { data: await contactsOf(asked) }
}

export const getContact = async (asked: Asked, sight: Sight) => {
  requireOwn(asked, sight)
  const contact = (await contactsOf(asked)).find(({ id }) => id === asked.params['contact'])
  if (!contact) throw new OpsGenieFault(404, 'Contact does not exist.')
  return { data: contact }
}

const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const

type Rule = Awaited<ReturnType<typeof getNotificationRules>>['rules'][number]

const timesOf = ({ from, to }: NonNullable<Rule['hours']>) => ({
  startHour: Number(from.slice(0, 2)),
  startMin: Number(from.slice(3)),
  endHour: Number(to.slice(0, 2)),
  endMin: Number(to.slice(3)),
})

const restrictionOf = ({ hours }: Rule): Pick<OpsGenieNotificationRule, 'timeRestriction'> => {
  if (hours === null) return {}
  const times = timesOf(hours)
  if (hours.weekdays.length === DAYS.length)
    return { timeRestriction: { type: 'time-of-day', restriction: times } }
  const spansMidnight = hours.to <= hours.from ? 1 : 0
  const restrictions = hours.weekdays.map((weekday) => ({
    startDay: DAYS[weekday - 1] ?? 'monday',
    endDay: DAYS[(weekday - 1 + spansMidnight) % DAYS.length] ?? 'monday',
    ...times,
  }))
  return { timeRestriction: { type: 'weekday-and-time-of-day', restrictions } }
}

const criteriaOf = ({ priorities }: Rule): OpsGenieNotificationRule['criteria'] =>
  priorities.length === 0
    ? { type: 'match-all' }
    : {
        type: 'match-any-condition',
        conditions: priorities.map((expectedValue, order) => ({
          field: 'priority',
          operation: 'equals',
          not: false,
          expectedValue,
          order,
        })),
      }

/** The first rule that fits decides, as there; where none fits, every way at once. */
const rulesOf = async (asked: Asked): Promise<OpsGenieNotificationRule[]> => {
  const { rules } = await getNotificationRules(asked.ctx)
  const contacts = new Map((await contactsOf(asked)).map((contact) => [contact.id, contact]))
  return rules.map((rule, order) => ({
    id: `rule-${order + 1}`,
    name: `Rule ${order + 1}`,
    actionType: 'create-alert',
    order: order + 1,
    enabled: true,
    criteria: criteriaOf(rule),
    ...restrictionOf(rule),
    steps: rule.steps.flatMap(({ method, afterMinutes }) => {
      const contact = contacts.get(method)
      return contact === undefined
        ? []
        : [
            {
              contact: { method: contact.method, to: contact.to },
              sendAfter: { timeAmount: afterMinutes, timeUnit: 'minutes' as const },
              enabled: contact.status.enabled,
            },
          ]
    }),
  }))
}

export const listNotificationRules = async (asked: Asked, sight: Sight) => {
  requireOwn(asked, sight)
  const rules = await rulesOf(asked)
  return {
    data: rules.map(({ id, name, actionType, order, enabled }) => ({ id, name, actionType, order, enabled })),
  }
}

export const getNotificationRule = async (asked: Asked, sight: Sight) => {
  requireOwn(asked, sight)
  const rule = (await rulesOf(asked)).find(({ id }) => id === asked.params['rule'])
  if (!rule) throw new OpsGenieFault(404, 'Notification rule does not exist.')
  return { data: rule }
}
