/** Tells one of the two by mail. Where no mail is sent here, the rota's view says the same. */
import { beginOf, type SwapEvent, type SwapLeg } from '../../../../domain/operations/on-call/swap.ts'
import { issueOneTimeToken, withTokens } from '../../../people/accounts/one-time-token.ts'
import { loadStaff } from '../../../people/accounts/link-holder.ts'
import { namesOf } from '../../../people/index.ts'
import type { Ctx } from '../../../platform/context.ts'
import type { Db } from '../../../platform/database.ts'
import { canMail, sendMail } from '../../../platform/mail.ts'
import { momentFor } from '../../../platform/messages/moments.ts'
import type { Reader } from '../../../platform/messages/languages.ts'
import { say } from '../messages.ts'
import { loadSchedules } from '../store.ts'
import { findSwap, type StoredSwap } from './store.ts'

/** Asked, or what became of it. */
export type SwapNews = 'offered' | SwapEvent['kind']
export type SwapLetter = {
  readonly swapId: string
  readonly accountId: string
  readonly news: SwapNews
  /** The same at every attempt, so that a repeated mail folds into the first. */
  readonly letterId: string
}

export const SWAP_PURPOSE = 'answer-swap'

export type SwapWords = { readonly schedule: string; readonly names: ReadonlyMap<string, string> }

export const wordsOf = async (db: Db, { scheduleId, state }: StoredSwap): Promise<SwapWords> => {
  const [stored] = await loadSchedules(db, [scheduleId], Number.MAX_SAFE_INTEGER)
  const named = await namesOf(db, [state.askedBy, state.askedOf])
  return {
    schedule: stored?.name ?? '',
    names: new Map([...named].map(([id, { name }]) => [id, name])),
  }
}

/** One sentence a leg: who takes which hours from whom. */
export const legLines = (reader: Reader, legs: readonly SwapLeg[], { names }: SwapWords): string[] =>
  legs.map(({ giverId, takerId, from, to }) =>
    say(reader, 'swap-leg', {
      taker: names.get(takerId) ?? '',
      giver: names.get(giverId) ?? '',
      from: momentFor(reader, from),
      to: momentFor(reader, to),
    }),
  )

const subjectOf = (reader: Reader, news: SwapNews, swap: StoredSwap, words: SwapWords): string => {
  const { askedBy, askedOf } = swap.state
  const about = {
    schedule: words.schedule,
    asker: words.names.get(askedBy) ?? '',
    asked: words.names.get(askedOf) ?? '',
  }
  switch (news) {
    case 'offered':
      return say(reader, 'swap-offered', about)
    case 'accepted':
      return say(reader, 'swap-accepted', about)
    case 'declined':
      return say(reader, 'swap-declined', about)
    case 'withdrawn':
      return say(reader, 'swap-withdrawn', about)
    case 'expired':
      return say(reader, 'swap-expired', about)
    case 'moved':
      return say(reader, 'swap-moved', about)
    case 'voided':
      return say(reader, 'swap-voided', about)
  }
}

export const whyVoid = (reader: Reader, { why }: Pick<StoredSwap, 'why'>): string[] => {
  switch (why) {
    case null:
      return []
    case 'shift-gone':
      return [say(reader, 'swap-why-shift-gone')]
    case 'override-removed':
      return [say(reader, 'swap-why-override-removed')]
    case 'schedule-archived':
      return [say(reader, 'swap-why-schedule-archived')]
  }
}

const linkFor = async (
  ctx: Ctx,
  swap: StoredSwap,
  { accountId, news }: SwapLetter,
): Promise<string | undefined> => {
  const { platform } = ctx
  const validForMs = beginOf(swap.state) - platform.clock.now()
  const isAsked = swap.state.status === 'offered' && accountId === swap.state.askedOf && news !== 'voided'
  if (!isAsked || validForMs <= 0) return undefined
  const about = { purpose: SWAP_PURPOSE, accountId, subjectId: swap.id, validForMs }
  const secret = await withTokens(platform, (tx) => issueOneTimeToken(tx, about))
  return `${platform.config.baseUrl}/swaps/${secret}`
}

export const tell = async (ctx: Ctx, letter: SwapLetter): Promise<void> => {
  const { platform } = ctx
  const { db } = platform.database
  const swap = await findSwap(db, letter.swapId)
  const person = await loadStaff(db, letter.accountId)
  // Nobody is asked a question that was answered or taken back while the mail waited.
  const isStale = letter.news === 'offered' && swap?.state.status !== 'offered'
  if (!swap || !person || isStale || !canMail(platform)) return
  const words = await wordsOf(db, swap)
  const link = await linkFor(ctx, swap, letter)
  const outcome = await sendMail(platform, {
    to: person.email,
    subject: subjectOf(person, letter.news, swap, words),
    text: [
      ...legLines(person, swap.state.legs, words),
      ...(letter.news === 'offered' && swap.note ? ['', swap.note] : []),
      ...(letter.news === 'voided' ? ['', ...whyVoid(person, swap)] : []),
      '',
      ...(link === undefined
        ? [say(person, 'swap-look'), `${platform.config.baseUrl}/on-call`]
        : [say(person, 'swap-answer'), link]),
    ].join('\n'),
    messageId: letter.letterId,
  })
  if (outcome.kind === 'later') throw new Error(`the mail server did not take it: ${outcome.reason}`)
  if (outcome.kind === 'refused') ctx.log.warn({ swap: swap.id }, 'a mail about a swap was refused')
}
