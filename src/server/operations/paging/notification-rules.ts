/** Reads and keeps how one wants to be told. */
import type { notificationRuleRoutes } from '../../../contract/operations/notification-rules.ts'
import type { InputOf, ReplyOf } from '../../../contract/route.ts'
import type { Priority } from '../../../domain/operations/alerts/priority.ts'
import {
  stepsFor,
  type NotificationRules,
  type UsableWay,
} from '../../../domain/operations/paging/notification-rules.ts'
import { refuse } from '../../../domain/refusal.ts'
import { minute } from '../../../domain/time/instant.ts'
import { accountOrFault } from '../../people/accounts/find-account.ts'
import { ownStaffId, shownAddressesOf } from '../../people/contact-methods/contact-methods.ts'
import type { Ctx } from '../../platform/context.ts'
import { Fault, refused } from '../../platform/faults.ts'
import { read, record } from '../../platform/record.ts'
import { notificationRulesChanged } from './events.ts'
import { priorityName } from './present.ts'
import { waysOf } from './ways.ts'
import { lockRules, putRules, rulesOf } from './ways-store.ts'

type Standing = ReplyOf<typeof notificationRuleRoutes.getNotificationRules>
type Input = InputOf<typeof notificationRuleRoutes.replaceNotificationRules>

const PRIORITIES = [1, 2, 3, 4, 5] as const
const nothingSaid: NotificationRules = { rules: [], quiet: null }

const asWritten = ({ rules, quiet }: NotificationRules): Pick<Standing, 'rules' | 'quiet'> => ({
  quiet,
  rules: rules.map((rule) => ({
    occasions: [...rule.occasions],
    priorities: rule.priorities.map(priorityName),
    hours: rule.hours && { ...rule.hours, weekdays: [...rule.hours.weekdays] },
    steps: rule.steps.map((step) => ({ ...step })),
  })),
})

const asRead = ({ rules, quiet }: Pick<Input, 'rules' | 'quiet'>): NotificationRules => ({
  quiet,
  rules: rules.map((rule) => ({
    ...rule,
    priorities: rule.priorities.map((name) => Number(name.slice(1)) as Priority),
  })),
})

export const getNotificationRules = (ctx: Ctx): Promise<Standing> => {
  const accountId = ownStaffId(ctx)
  return read(ctx, async (db) => {
    const { zone, email } = await accountOrFault(db, accountId)
    const ways = (await waysOf(ctx.platform, db, [accountId])).get(accountId) ?? []
    const addresses = await shownAddressesOf(ctx.platform, db, accountId)
    const stored = (await rulesOf(db, [accountId])).get(accountId)
    const at = ctx.platform.clock.now()
    const stepsNow = (priority: Priority) =>
      stepsFor(stored?.rules ?? null, ways, { kind: 'page', priority }, { at, zone })
    return {
      version: stored?.version ?? 0,
      ...asWritten(stored?.rules ?? nothingSaid),
      ways: ways.map(({ method, channel }) => ({
        method,
        channel,
        address: method === 'email' ? email : (addresses.get(method) ?? null),
      })),
      now: PRIORITIES.map((priority) => ({
        priority: priorityName(priority),
        steps: stepsNow(priority).map(({ method, channel, afterMs }) => ({
          method,
          channel,
          afterMinutes: afterMs / minute,
        })),
      })),
    }
  })
}

/** A way that was taken back may stay in a rule that names it already; a new one must work. */
const requireKnown = (
  { rules }: NotificationRules,
  before: NotificationRules,
  ways: readonly UsableWay[],
): void => {
  const known = new Set([
    'email',
    'web-push',
    ...ways.map(({ method }) => method),
    ...before.rules.flatMap(({ steps }) => steps.map(({ method }) => method)),
  ])
  const errors = rules.flatMap(({ steps }, rule) =>
    steps.flatMap(({ method }, step) =>
      known.has(method)
        ? []
        : [{ path: `body.rules.${rule}.steps.${step}.method`, detail: 'this way is not proven, or gone' }],
    ),
  )
  if (errors.length > 0)
    throw new Fault('invalid-input', 'Nothing was kept. A rule names a way that is not proven, or gone.', {
      errors,
    })
}

export const replaceNotificationRules = async (ctx: Ctx, input: Input): Promise<Standing> => {
  const accountId = ownStaffId(ctx)
  await record(ctx, async (tx) => {
    const stored = await lockRules(tx.db, accountId)
    const version = stored?.version ?? 0
    if (input.expects !== undefined && input.expects !== version)
      throw refused(refuse('rules-changed', 'Your rules were changed in the meantime. Load them again.'))
    const rules = asRead(input)
    const ways = (await waysOf(ctx.platform, tx.db, [accountId])).get(accountId) ?? []
    requireKnown(rules, stored?.rules ?? nothingSaid, ways)
    await putRules(tx.db, accountId, { rules, version: version + 1 }, tx.now)
    tx.append(notificationRulesChanged, {
      stream: accountId,
      refs: [['account', accountId]],
      body: { account: accountId, version: version + 1, definition: rules },
    })
  })
  return getNotificationRules(ctx)
}
