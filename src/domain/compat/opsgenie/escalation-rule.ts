/** One rule of an escalation: whom it tells, how long after the alert, and what makes it needless. */
import { referenceFate, type Directories } from './directory.ts'
import type { TargetDocument } from './document.ts'
import { at, changed, imported, textAt, type Fate, type Place, type Taken } from './fields.ts'

/** @property minutes after the alert, as OpsGenie counts; a step of ours counts from the one before */
export type EscalationRule = {
  readonly place: Place
  readonly minutes: number
  readonly unless: 'acknowledged' | 'closed'
  readonly target: TargetDocument
}

const UNIT_MINUTES: Readonly<Record<string, number>> = { minutes: 1, hours: 60, days: 1_440 }
const CONDITIONS: Readonly<Record<string, EscalationRule['unless']>> = {
  'if-not-acked': 'acknowledged',
  'if-not-closed': 'closed',
}

const minutesOf = (delay: Place): number | undefined => {
  const amount = at(delay, 'timeAmount').value ?? 0
  const name = textAt(delay, 'timeUnit')?.toLowerCase() ?? 'minutes'
  const unit = Object.hasOwn(UNIT_MINUTES, name) ? UNIT_MINUTES[name] : undefined
  if (typeof amount !== 'number' || !Number.isInteger(amount) || amount < 0 || unit === undefined)
    return undefined
  return amount * unit
}

type Notifies = { readonly who?: 'next' | 'previous' | 'everybody' | 'admins'; readonly why?: string }

const NOT_ITS_ROUTING = 'everybody of the team is told: its own routing rules are not taken over'

/** By the recipient's type, how its notifyType is said here. */
const NOTIFY: Readonly<Record<string, Readonly<Record<string, Notifies>>>> = {
  user: { default: {} },
  schedule: {
    default: {},
    next: { who: 'next' },
    previous: { who: 'previous' },
    users: { who: 'everybody', why: 'everybody who takes turns in the schedule is told' },
    all: { who: 'everybody' },
  },
  team: {
    default: { why: NOT_ITS_ROUTING },
    all: {},
    users: { why: 'everybody of the team is told, its admins, too' },
    admins: { who: 'admins' },
  },
}

const targetOf = (type: string, to: string, who: Notifies['who']): TargetDocument => {
  const said = who === undefined ? {} : { who }
  if (type === 'user') return { person: to }
  return (type === 'team' ? { team: to, ...said } : { schedule: to, ...said }) as TargetDocument
}

const targetFrom = (rule: Place, directories: Directories): Taken<TargetDocument> => {
  const recipient = at(rule, 'recipient')
  const type = textAt(recipient, 'type') ?? ''
  const ways = Object.hasOwn(NOTIFY, type) ? NOTIFY[type] : undefined
  if (!ways) return { why: 'recipients of this type cannot be told here' }
  const notifyType = textAt(rule, 'notifyType') ?? 'default'
  const way = Object.hasOwn(ways, notifyType) ? ways[notifyType] : undefined
  if (!way) return { why: `${notifyType} of a ${type} cannot be told here` }
  const found = { user: directories.people, team: directories.teams, schedule: directories.schedules }[
    type
  ]?.find(recipient)
  if (!found || 'why' in found) return found ?? { why: 'the source has no such recipient' }
  const said = way.who ?? 'as it is'
  const fates: Fate[] = [
    ...['type', 'id', 'username', 'name'].map((field) => referenceFate(at(recipient, field), found)),
    way.why === undefined
      ? imported(at(rule, 'notifyType'), said)
      : changed(at(rule, 'notifyType'), way.who ?? 'everybody', way.why),
  ]
  return { taken: targetOf(type, found.to, way.who), fates }
}

/** Its delay has no fate yet: that is said when the steps are known. */
export const readRule = (place: Place, directories: Directories): Taken<EscalationRule> => {
  const condition = textAt(place, 'condition') ?? 'if-not-acked'
  const unless = Object.hasOwn(CONDITIONS, condition) ? CONDITIONS[condition] : undefined
  if (!unless) return { why: 'its condition is not known here' }
  const minutes = minutesOf(at(place, 'delay'))
  if (minutes === undefined) return { why: 'its delay is not a whole number of minutes, hours or days' }
  const target = targetFrom(place, directories)
  if ('why' in target) return target
  const fates = [imported(at(place, 'condition'), `unless ${unless}`), ...target.fates]
  return { taken: { place, minutes, unless, target: target.taken }, fates }
}
