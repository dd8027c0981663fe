/** Publishes to an ntfy server (docs.ntfy.sh/publish): JSON to its root, so that titles need no header encoding. */
import type { Platform } from '../context.ts'
import { judged, post, unanswered, type Carried } from './carried.ts'

export type NtfyMessage = {
  readonly topic: string
  readonly title: string
  readonly message: string
  /** 1 to 5, and 5 is the loudest: the other way round than ours. */
  readonly priority: 1 | 2 | 3 | 4 | 5
  readonly click?: string
  /** Buttons that open an address; none acts by itself. At most three. */
  readonly actions?: readonly { readonly label: string; readonly url: string }[]
  readonly tags?: readonly string[]
}

/** The server turns what is longer into an attachment, which nobody reads on a lock screen. */
const MOST_MESSAGE_BYTES = 4_096

const fitting = (text: string): string => {
  let kept = text
  while (Buffer.byteLength(kept) > MOST_MESSAGE_BYTES) kept = kept.slice(0, Math.floor(kept.length * 0.9))
  return kept.toWellFormed()
}

export const canNtfy = ({ config }: Pick<Platform, 'config'>): boolean => config.NTFY_SERVER !== undefined

/** {"code":40101,"http":401,"error":"unauthorized","link":"…"} */
const reasonIn = (text: string): string => {
  try {
    const { error } = JSON.parse(text) as { error?: unknown }
    return typeof error === 'string' ? error : ''
  } catch {
    return ''
  }
}

export const publishToNtfy = async (platform: Platform, given: NtfyMessage): Promise<Carried> => {
  const { NTFY_SERVER, NTFY_TOKEN } = platform.config
  if (!NTFY_SERVER) return { kind: 'refused', detail: 'no ntfy server is set (NTFY_SERVER)' }
  const { actions = [], ...message } = given
  const body = JSON.stringify({
    ...message,
    message: fitting(message.message),
    actions: actions.slice(0, 3).map(({ label, url }) => ({ action: 'view', label, url, clear: true })),
  })
  try {
    const answer = await post(
      NTFY_SERVER,
      {
        'content-type': 'application/json',
        ...(NTFY_TOKEN ? { authorization: `Bearer ${NTFY_TOKEN}` } : {}),
      },
      body,
    )
    return judged('the ntfy server', answer, platform.clock.now(), reasonIn(answer.text))
  } catch (error) {
    return unanswered('the ntfy server', error)
  }
}
