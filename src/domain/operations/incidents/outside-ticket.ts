/** A link to a ticket that lives elsewhere: an address a browser may open, or a key a person recognises. */
import { refuse, type Refusal } from '../../refusal.ts'

export type OutsideTicket =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'key'; readonly key: string }

const longestUrl = 2_000
/** No credentials before the host, no spaces or control characters, and no scheme that runs something. */
const address = /^https?:\/\/[A-Za-z0-9][A-Za-z0-9.-]*(?::\d{1,5})?(?:[/?#][^\s<>"\\^`{|}]*)?$/i
/** `OPS-123`, `#123`, `team/repository#123`. */
const ticketKey = /^(?:[A-Za-z][A-Za-z0-9_]{0,30}-\d{1,10}|(?:[\w.-]{1,60}\/[\w.-]{1,100})?#\d{1,10})$/

/** @param text as somebody typed or pasted it */
export const outsideTicket = (text: string): OutsideTicket | Refusal<'ticket-invalid'> => {
  const trimmed = text.trim()
  if (ticketKey.test(trimmed)) return { kind: 'key', key: trimmed }
  if (trimmed.length <= longestUrl && address.test(trimmed)) return { kind: 'url', url: trimmed }
  return refuse(
    'ticket-invalid',
    'Paste the address of the ticket (https://…) or its key, such as OPS-123 or #123.',
  )
}
