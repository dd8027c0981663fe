/** What was done to an alert, from its events: what it is called is the reader's matter, the words stand in the bodies. */
import type { AlertHappening } from '../../../contract/operations/alerts.ts'
import { bodyOf } from '../../platform/event-body.ts'
import { isUuid } from '../../platform/ids.ts'
import type { ActivityRow } from './store.ts'

const happenings: Readonly<Record<string, AlertHappening>> = {
  'page.requested': 'paged',
  'environment.alerts-held-back': 'waits',
  'environment.alerts-suppressed': 'suppressed',
  'environment.alerts-withheld': 'kept-by-policy',
  'environment.alerts-damped': 'flaps',
  'alert.closed-by-policy': 'closed-by-policy',
  'page.acknowledged': 'page-acknowledged',
  'page.escalated': 'page-escalated',
  'alert.acknowledged': 'acknowledged',
  'alerts.acknowledged': 'acknowledged-with-page',
  'alert.unacknowledged': 'unacknowledged',
  'alert.assigned': 'assigned',
  'alert.snoozed': 'snoozed',
  'alert.snooze-ended': 'snooze-ended',
  'alert.escalated': 'escalated',
  'alert.responder-added': 'responder-added',
  'alert.tagged': 'tagged',
  'alert.details-changed': 'details-changed',
  'alert.closed': 'closed-by-hand',
  'alert.changed': 'changed-by-source',
  'alert.noted': 'noted',
  'alert.attached': 'attached',
  'alert.attachment-read': 'attachment-read',
  'alert.attachment-erased': 'attachment-erased',
  'incident.opened': 'incident-opened',
  'incident.alert-added': 'merged',
  'incident.alerts-added': 'merged',
  'incident.alerts-removed': 'taken-out',
}

type Names = ReadonlyMap<string, { readonly id: string; readonly name: string }>

type Said = {
  readonly reason?: string
  readonly note?: string
  readonly fileName?: string
  readonly by?: string
  readonly owner?: string | null
  readonly until?: number | null
  readonly rule?: { readonly name: string }
  readonly policy?: string | { readonly name: string } | null
  readonly decision?: string
  readonly times?: number
  readonly withinMinutes?: number
  readonly occurrences?: number | null
  readonly target?: { readonly kind: string; readonly id?: string; readonly role?: string }
  readonly added?: readonly string[]
  readonly removed?: readonly string[]
  readonly set?: Readonly<Record<string, string>>
  readonly to?: { readonly message?: string; readonly description?: string; readonly priority?: number }
}

const saidIn = (row: ActivityRow): Said => bodyOf(row.disclosures ?? []) as Said

/** What no event tells, the alert's own row does. */
export const ofItself = (at: number, kind: AlertHappening) => ({
  at,
  kind,
  by: null,
  whom: null,
  until: null,
  detail: null,
})

/** Whom it concerns besides whoever did it. */
const whomOf = ({ owner, target }: Said): string | undefined =>
  owner ?? (target?.kind === 'account' ? target.id : undefined)

/** An integration key named somebody: by account, never by a name of its own making. */
const speakerOf = ({ by }: Said): string | undefined => (by !== undefined && isUuid(by) ? by : undefined)

/** Accounts whose names the activity needs. */
export const peopleIn = (row: ActivityRow): string[] => {
  const said = saidIn(row)
  return [row.actor_id, whomOf(said), speakerOf(said)].filter((id) => typeof id === 'string')
}

const signed = (added: readonly string[] = [], removed: readonly string[] = []): string =>
  [...added.map((each) => `+ ${each}`), ...removed.map((each) => `− ${each}`)].join('\n')

const wordsOf = (type: string, said: Said): string | null => {
  const { reason, note, by, set, to } = said
  switch (type) {
    case 'alert.tagged':
      return signed(said.added, said.removed)
    case 'alert.details-changed':
      return signed(
        Object.entries(set ?? {}).map(([name, value]) => `${name} = ${value}`),
        said.removed,
      )
    case 'alert.changed':
      return to === undefined
        ? null
        : [to.priority === undefined ? '' : `P${to.priority}`, to.message ?? '', to.description ?? '']
            .filter(Boolean)
            .join('\n')
    case 'environment.alerts-held-back':
      return said.rule?.name ?? null
    case 'environment.alerts-suppressed':
      return said.decision ?? null
    case 'alert.escalated':
      return typeof said.policy === 'string' ? said.policy : null
    case 'environment.alerts-withheld':
    case 'alert.closed-by-policy':
      return policyIn(said)
    case 'environment.alerts-damped':
      return `${said.times} × / ${said.withinMinutes} min`
    case 'alert.responder-added':
      return said.target?.role ?? null
    case 'alert.noted':
      return note === undefined ? null : by ? `${by}: ${note}` : note
    default:
      return reason ?? note ?? said.fileName ?? null
  }
}

const policyIn = ({ policy, occurrences }: Said): string | null => {
  const name = typeof policy === 'object' ? policy?.name : undefined
  return typeof occurrences === 'number' ? `${name} (${occurrences} ×)` : (name ?? null)
}

const kindOf = (row: ActivityRow, said: Said): string => {
  const person = row.actor_kind === 'person'
  if (row.type === 'alert.acknowledged' && row.actor_kind === 'integration') return 'acknowledged-through-key'
  if (row.type === 'alert.changed' && person) return 'changed'
  if (row.type === 'environment.alerts-held-back' && said.until === null) return 'only-listed'
  if (row.type === 'alert.assigned' && said.owner === null) return 'unassigned'
  if (row.type === 'environment.alerts-withheld') {
    if (typeof said.until === 'number') return 'delayed-until'
    return typeof said.occurrences === 'number' ? 'delayed-until-said' : 'kept-by-policy'
  }
  return happenings[row.type] ?? row.type
}

export const presentActivity = (row: ActivityRow, names: Names) => {
  const said = saidIn(row)
  const nameOf = (id: string | null | undefined) => {
    const found = id ? names.get(id) : undefined
    return found ? { id: found.id, name: found.name } : null
  }
  return {
    at: row.at,
    kind: kindOf(row, said),
    by: nameOf(row.actor_kind === 'integration' ? speakerOf(said) : row.actor_id),
    whom: nameOf(whomOf(said)),
    until: said.until ?? null,
    detail: wordsOf(row.type, said),
  }
}
