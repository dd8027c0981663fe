/** What somebody meant who answered a page by text message: half asleep, with a phone that corrects them. */

export type PhoneReply =
  /** The only page they could mean. */
  | { readonly kind: 'take' }
  /** The page of that number. */
  | { readonly kind: 'take-numbered'; readonly number: string }
  | { readonly kind: 'something-else' }

const TAKE = /^(?:1|a|ack|acknowledge|ok|yes)[.!]?$/
const TAKE_NUMBERED = /^(?:(?:a|ack|acknowledge)\s*#?)?(\d{4})[.!]?$/

export const readPhoneReply = (text: string): PhoneReply => {
  const said = text.slice(0, 200).normalize('NFKC').trim().toLowerCase()
  if (TAKE.test(said)) return { kind: 'take' }
  const number = TAKE_NUMBERED.exec(said)?.[1]
  return number === undefined ? { kind: 'something-else' } : { kind: 'take-numbered', number }
}

export type ToldPage = { readonly pageId: string; readonly number: string }

/** Which of the open pages that went to this number is meant; nothing is guessed where two could be. */
export const pageMeant = (
  reply: PhoneReply,
  open: readonly ToldPage[],
): { readonly kind: 'this'; readonly pageId: string } | { readonly kind: 'none' | 'which' } => {
  if (reply.kind === 'something-else') return { kind: 'none' }
  const meant = reply.kind === 'take-numbered' ? open.filter(({ number }) => number === reply.number) : open
  const pages = [...new Set(meant.map(({ pageId }) => pageId))]
  if (pages.length > 1) return { kind: 'which' }
  return pages[0] === undefined ? { kind: 'none' } : { kind: 'this', pageId: pages[0] }
}
