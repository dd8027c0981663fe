/** What may be done to a decision, by whom and when; the text of the past stays as it was. */
import { refuse } from '../../refusal.ts'
import { hour } from '../../time/instant.ts'
import {
  breakGlassRule,
  type Cooperation,
  type DecisionCommand,
  type DecisionEvent,
  type DecisionRefusal,
  type DecisionState,
} from './decision.ts'
import { checkProposal, checkTerms, type Terms } from './terms.ts'

type Of<Kind extends DecisionCommand['kind']> = Extract<DecisionCommand, { kind: Kind }>
type Answer = DecisionEvent | DecisionRefusal

const reasonRequired = (what: string) => refuse('reason-required', `Say why ${what}.`)
const isSaid = (text: string): boolean => text.trim() !== ''

const open = (command: Of<'propose'> | Of<'break-glass'>, now: number): Answer => {
  const { decisionId, environmentId, by } = command
  const opening = { decisionId, environmentId, by }
  if (command.kind === 'propose') {
    const { terms } = command
    return checkProposal(terms) ?? { kind: 'decision-proposed', ...opening, terms, at: now }
  }
  const { why, rule = breakGlassRule, openedAt = now } = command
  if (!isSaid(why)) return reasonRequired('the change cannot wait for a decision')
  // What is owed is owed from when the glass was broken, also when the server heard of it late.
  const at = Math.min(openedAt, now)
  const writeUpBy = at + rule.writeUpHours * hour
  return { kind: 'glass-broken', ...opening, why, at, writeUpBy, reviewBy: at + rule.reviewHours * hour }
}

const checkCooperation = (cooperation: Cooperation): DecisionRefusal | null =>
  cooperation.kind === 'with-customer' && cooperation.contactIds.length === 0
    ? refuse('contacts-required', 'Name the people of the customer with whom this was decided.')
    : null

const decideProposal = (state: DecisionState, command: Of<'decide'>, now: number): Answer => {
  if (state.breakGlass !== null)
    return refuse('write-up-required', 'A broken glass is settled by writing it up.')
  if (state.decided !== null)
    return refuse('already-decided', 'This is decided already; amend it or supersede it.')
  const { by, cooperation } = command
  const terms = state.entries.at(-1)!.terms
  return (
    checkTerms(terms, now) ??
    checkCooperation(cooperation) ?? { kind: 'decision-decided', by, cooperation, at: now }
  )
}

const amend = (state: DecisionState, command: Of<'amend'>, now: number): Answer => {
  const { by, changes, reason } = command
  const latest = state.entries.at(-1)
  if (latest === undefined) return refuse('write-up-required', 'Write up the broken glass first.')
  const isNews = (Object.keys(changes) as (keyof Terms)[]).some(
    (key) => JSON.stringify(changes[key]) !== JSON.stringify(latest.terms[key]),
  )
  if (!isNews) return refuse('nothing-amended', 'The amendment says what the decision says already.')
  if (!isSaid(reason)) return reasonRequired('the decision is amended')
  const terms = { ...latest.terms, ...changes }
  // Ending a decision now, by an amendment, is allowed; what it covered before stays covered.
  const open = { ...terms, validUntil: null }
  const refusal = state.decided === null ? checkProposal(terms) : checkTerms(open, now)
  return refusal ?? { kind: 'decision-amended', terms, at: now, by, reason }
}

const writeUp = (state: DecisionState, command: Of<'write-up'>, now: number): Answer => {
  const { by, terms, result, cooperation } = command
  if (state.breakGlass === null) return refuse('not-break-glass', 'Only a broken glass is written up.')
  if (state.breakGlass.writtenUp !== null)
    return refuse('already-written-up', 'This is written up already; amend it.')
  if (!isSaid(result)) return reasonRequired('it was done and what came of it')
  const event = { kind: 'break-glass-written-up', by, terms, result, cooperation, at: now } as const
  return checkTerms({ ...terms, validUntil: null }, now) ?? checkCooperation(cooperation) ?? event
}

const review = ({ breakGlass }: DecisionState, command: Of<'review'>, now: number): Answer => {
  const { by, verdict, note } = command
  if (breakGlass === null) return refuse('not-break-glass', 'Only a broken glass is reviewed.')
  if (breakGlass.review !== null) return refuse('already-reviewed', 'This was reviewed already.')
  if (breakGlass.writtenUp === null)
    return refuse('write-up-required', 'There is nothing to review before the write-up.')
  if (by === breakGlass.openedBy || by === breakGlass.writtenUp.by) {
    return refuse(
      'review-by-another',
      'Somebody else than who broke the glass or wrote it up must review it.',
    )
  }
  if (verdict === 'objected' && !isSaid(note)) return reasonRequired('you object')
  return { kind: 'break-glass-reviewed', by, at: now, verdict, note }
}

const end = (state: DecisionState, command: Of<'supersede'> | Of<'withdraw'>, now: number): Answer => {
  const { by } = command
  if (command.kind === 'withdraw') {
    if (state.breakGlass !== null) return refuse('break-glass-stays', 'A glass once broken stays on record.')
    if (!isSaid(command.reason)) return reasonRequired('the decision is withdrawn')
    return { kind: 'decision-ended', ending: { kind: 'withdrawn', at: now, by, reason: command.reason } }
  }
  if (state.decided === null)
    return refuse('not-decided', 'Only what was decided can be superseded; withdraw the proposal.')
  const { supersededBy } = command
  if (supersededBy === state.id) return refuse('supersedes-itself', 'A decision cannot supersede itself.')
  return { kind: 'decision-ended', ending: { kind: 'superseded', at: now, by, supersededBy } }
}

/**
 * Every command is answered by one event or one refusal.
 * @param state null before the first event
 * @param now   epoch milliseconds
 */
export const decide = (state: DecisionState | null, command: DecisionCommand, now: number): Answer => {
  if (command.kind === 'propose' || command.kind === 'break-glass') {
    return state === null
      ? open(command, now)
      : refuse('decision-exists', 'This decision was recorded before.')
  }
  if (state === null) return refuse('decision-unknown', 'There is no such decision.')
  // A review looks back: it is owed whatever became of the decision since.
  if (command.kind === 'review') return review(state, command, now)
  if (state.ending !== null) {
    return refuse('decision-ended', `This decision was ${state.ending.kind}; record a new one.`)
  }
  switch (command.kind) {
    case 'decide':
      return decideProposal(state, command, now)
    case 'amend':
      return amend(state, command, now)
    case 'write-up':
      return writeUp(state, command, now)
    case 'supersede':
    case 'withdraw':
      return end(state, command, now)
  }
}
