/** The ways to reach a person that they add themselves: what an address of each looks like, and what counts as proof that it is theirs. */
import { refuse, type Refusal } from '../../refusal.ts'

export const CONTACT_KINDS = ['voice', 'sms', 'email', 'slack', 'mattermost', 'ntfy', 'webhook'] as const
export type ContactKind = (typeof CONTACT_KINDS)[number]

/** As people write them, with spaces, hyphens and brackets, made E.164; undefined for what is none. */
export const phoneNumberOf = (text: string): string | undefined => {
  const number = text.replace(/[\s().\-/]/g, '').replace(/^00/, '+')
  return /^\+[1-9]\d{6,14}$/.test(number) ? number : undefined
}

/** A member of a Slack workspace, as their profile shows under "Copy member ID". */
export const isSlackMember = (text: string): boolean => /^[UW][A-Z0-9]{5,20}$/.test(text)

/** Without the @ that people write before it. */
export const isMattermostName = (text: string): boolean => /^[a-z][a-z0-9._-]{0,63}$/.test(text)

/** A topic of ntfy, as its server names them (`^[-_A-Za-z0-9]{1,64}$`). Whoever knows it can read it: it is a secret. */
export const isNtfyTopic = (text: string): boolean => /^[-_A-Za-z0-9]{1,64}$/.test(text)

/** Enough to know one's own again, and not enough to use it. */
export const maskedAddress = (kind: ContactKind, address: string): string => {
  switch (kind) {
    case 'email':
    case 'slack':
    case 'mattermost':
      return address
    case 'sms':
    case 'voice':
      return `${address.slice(0, 3)}…${address.slice(-4)}`
    case 'ntfy':
      return address.length > 8 ? `${address.slice(0, 4)}…` : '…'
    case 'webhook':
      return /^https?:\/\/[^/?#]+/.exec(address)?.[0] ?? '…'
  }
}

export const CODE_DIGITS = 6
export const CODE_VALID_MS = 15 * 60_000
/** Of a million codes this many may be tried before a new one is needed. */
export const MOST_CODE_TRIES = 5
/** A person asks for so many codes in a day at most: each may cost money, and may ring somebody else's phone. */
export const MOST_CODES_A_DAY = 20
const CODE_PAUSE_MS = 20_000

/** @property issuedAt null before the first code and once a code was entered */
export type CodeState = { readonly issuedAt: number | null; readonly tries: number }

export type CodeRefusal = Refusal<'code-too-soon' | 'too-many-codes' | 'code-expired' | 'code-wrong'>

/** @param sentLastDay codes that were sent to anything of this person's in the last 24 hours */
export const mayIssueCode = (state: CodeState, sentLastDay: number, now: number): CodeRefusal | null => {
  if (state.issuedAt !== null && now - state.issuedAt < CODE_PAUSE_MS)
    return refuse('code-too-soon', 'A code was sent a moment ago. Wait for it, or try again in 20 seconds.')
  if (sentLastDay >= MOST_CODES_A_DAY)
    return refuse(
      'too-many-codes',
      `At most ${MOST_CODES_A_DAY} codes a day are sent to one person. Try again tomorrow.`,
    )
  return null
}

/** @param right whether the code that was entered is the one that was sent */
export const judgeCode = (state: CodeState, right: boolean, now: number): CodeRefusal | null => {
  if (state.issuedAt === null || now - state.issuedAt >= CODE_VALID_MS || state.tries >= MOST_CODE_TRIES)
    return refuse('code-expired', 'This code is no longer valid. Send a new one.')
  return right ? null : refuse('code-wrong', 'This is not the code that was sent. Look again.')
}
