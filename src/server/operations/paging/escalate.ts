/** Pages more people about one alert because somebody asks for it: the next step at once, another policy, or a person or schedule called in. */
import type {
  EscalationPolicy,
  EscalationTarget,
} from '../../../domain/operations/paging/escalation-policy.ts'
import { apply, decide, policyAfter, type PageState } from '../../../domain/operations/paging/page.ts'
import { isRefusal } from '../../../domain/refusal.ts'
import { teamNames } from '../../people/index.ts'
import { Fault, refused } from '../../platform/faults.ts'
import type { WriteTx } from '../../platform/record.ts'
import type { OpenedAlert } from '../alerts/index.ts'
import { findColleagues, findPolicy, loadSchedules } from '../on-call/index.ts'
import { beginDueSteps } from './begin-step.ts'
import { pageEscalated } from './events.ts'
import { policyFor } from './recipients.ts'
import { requestPageBy } from './request-page.ts'
import { findPagesCarrying, lockPage } from './store.ts'

type Where = { readonly customerId: string; readonly environmentId: string }

/** The page must ring. Its alerts are locked already. */
const hasten = async (tx: WriteTx, pageId: string, alertId: string): Promise<void> => {
  const page = await lockPage(tx.db, pageId)
  if (!page) return
  const before = page.state as PageState
  const decided = decide(before, { kind: 'escalate' }, tx.now)
  if (isRefusal(decided)) throw refused(decided)
  tx.append(pageEscalated, {
    stream: page.id,
    customerId: page.customer_id,
    environmentId: page.environment_id,
    refs: [
      ['page', page.id],
      ['alert', alertId],
    ],
    body: { alert: alertId },
  })
  await beginDueSteps(tx, [{ page, state: decided.reduce(apply, before) }])
}

/** The next step of the page that rings for it; if somebody has it, a new page goes on where the last one stopped. */
export const escalateNext = async (tx: WriteTx, where: Where, alert: OpenedAlert): Promise<void> => {
  const pages = await findPagesCarrying(tx.db, alert.id)
  const ringing = pages.find(({ status }) => status === 'open')
  if (ringing) return hasten(tx, ringing.id, alert.id)
  const last = pages[0]?.state as PageState | undefined
  const policy = last ? policyAfter(last.policy, last.current) : await policyFor(tx.db, where.environmentId)
  await requestPageBy(tx, where, alert, policy)
}

/** @param name slug or id */
export const escalateTo = async (
  tx: WriteTx,
  where: Where,
  alert: OpenedAlert,
  name: string,
): Promise<void> => {
  const policy = await findPolicy(tx.db, name)
  if (!policy || policy.archivedAt !== null)
    throw new Fault('invalid-input', `There is no escalation policy ${name}. Nobody was paged.`)
  const { id, name: called, steps, repeat, fallback } = policy
  await requestPageBy(tx, where, alert, { id, name: called, steps, repeat, fallback })
}

const faultOf = async (tx: WriteTx, target: EscalationTarget): Promise<string | undefined> => {
  switch (target.kind) {
    case 'account': {
      const person = (await findColleagues(tx.db, [target.id])).get(target.id)
      if (!person) return 'No member of staff has this id.'
      return person.archived ? `${person.name} is archived and cannot be paged.` : undefined
    }
    case 'schedule': {
      const [schedule] = await loadSchedules(tx.db, [target.id], tx.now)
      if (!schedule) return 'No schedule has this id.'
      return schedule.archivedAt === null ? undefined : `${schedule.name} is archived.`
    }
    case 'team': {
      const team = (await teamNames(tx.db)).find(({ id }) => id === target.id)
      if (!team) return 'No team has this id.'
      return team.archivedAt === null ? undefined : `${team.name} is archived.`
    }
    case 'role':
      return undefined
  }
}

/** Called once more after the environment's patience, then the administrators: whoever asked has not stopped needing help. */
const policyOf = (target: EscalationTarget): EscalationPolicy => ({
  id: '00000000-0000-7000-8000-000000000003',
  name: 'called in by somebody',
  steps: [{ afterMinutes: 0, targets: [target] }],
  repeat: 1,
  fallback: [{ kind: 'role', role: 'administrator' }],
})

export const callIn = async (
  tx: WriteTx,
  where: Where,
  alert: OpenedAlert,
  target: EscalationTarget,
): Promise<void> => {
  const fault = await faultOf(tx, target)
  if (fault) throw new Fault('invalid-input', `${fault} Nobody was paged.`)
  await requestPageBy(tx, where, alert, policyOf(target))
}
