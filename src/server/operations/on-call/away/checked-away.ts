/** The one door for leave and forwarding that somebody sends: whose it may be, and a stretch that is not over. */
import { MOST_TIMELINE_DAYS } from '../../../../contract/operations/on-call.ts'
import { may } from '../../../../domain/people/permissions.ts'
import { refuse } from '../../../../domain/refusal.ts'
import { day } from '../../../../domain/time/instant.ts'
import type { Ctx } from '../../../platform/context.ts'
import type { Tx } from '../../../platform/database.ts'
import { Fault, refused } from '../../../platform/faults.ts'
import { findColleagues, type Colleague } from '../store.ts'

/** One's own for whoever may override, anybody's for whoever may change schedules. */
export const mayAnswerFor = ({ actor }: Ctx, accountId: string): boolean =>
  may(actor, 'on-call.override') &&
  ((actor.kind === 'person' && actor.accountId === accountId) || may(actor, 'on-call.change'))

export const refuseForOthers = (ctx: Ctx, accountId: string): void => {
  if (!mayAnswerFor(ctx, accountId))
    throw new Fault('not-allowed', 'Only who may change schedules does this for somebody else.')
}

/** @throws Fault when nobody is meant: a machine's token has no leave of its own */
export const subjectOf = ({ actor }: Ctx, accountId: string | undefined): string => {
  if (accountId !== undefined) return accountId
  if (actor.kind === 'person') return actor.accountId
  throw new Fault('invalid-input', 'Say whose it is: body.accountId is missing.')
}

export const checkStretch = ({ from, to }: { from: number; to: number }, now: number): void => {
  if (to <= from) throw refused(refuse('stretch-empty', 'It must end after it begins.'), 'body.to')
  if (to <= now)
    throw refused(refuse('stretch-over', 'It would be over already: it must end in the future.'), 'body.to')
  if (to - from > MOST_TIMELINE_DAYS * day)
    throw refused(refuse('stretch-too-long', `It lasts at most ${MOST_TIMELINE_DAYS} days.`), 'body.to')
}

export const colleagueAt = async (db: Tx, accountId: string, field: string): Promise<Colleague> => {
  const person = (await findColleagues(db, [accountId])).get(accountId)
  const detail =
    person === undefined
      ? 'no member of staff has this id'
      : person.archived
        ? `${person.name} is archived`
        : undefined
  if (person && detail === undefined) return person
  const path = `body.${field}`
  throw new Fault('invalid-input', `Nothing was changed. ${path}: ${detail}.`, {
    errors: [{ path, detail: detail ?? '' }],
  })
}
