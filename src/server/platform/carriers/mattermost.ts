/** Mattermost's incoming webhooks (developers.mattermost.com/integrate/webhooks/incoming) and the proof that a pressed button is one of ours. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Platform } from '../context.ts'
import { judged, post, unanswered, type Carried } from './carried.ts'

export type MattermostMessage = {
  /** A username: the message goes to them alone. */
  readonly to: string
  readonly text: string
  /** What the button sends back, as the server keeps it: clients never see it. */
  readonly button?: { readonly label: string; readonly subject: string }
  readonly link?: { readonly label: string; readonly url: string }
}

/** A post holds 16,383 characters; what is read at night is shorter. */
const MOST_TEXT = 8_000

export const canMattermost = ({ config }: Pick<Platform, 'config'>): boolean =>
  config.MATTERMOST_WEBHOOK !== undefined

/** Everything that Markdown reads as its own, and @ and ~ that call people and channels, which nobody is called by here. */
const plain = (text: string): string =>
  text.replace(/[\\`*_{}[\]()#+!|<>~]/g, (letter) => `\\${letter}`).replaceAll('@', '@\u200b')

/** Their server repeats it to us and shows it to nobody: only a message of ours can have brought it there. */
export const proofOfButton = ({ secrets }: Pick<Platform, 'secrets'>, subject: string): string =>
  createHmac('sha256', secrets.derive('mattermost-buttons')).update(subject).digest('base64url')

export const isOurButton = (platform: Pick<Platform, 'secrets'>, subject: string, proof: string): boolean => {
  const wanted = Buffer.from(proofOfButton(platform, subject))
  const got = Buffer.from(proof)
  return got.length === wanted.length && timingSafeEqual(got, wanted)
}

const bodyOf = (platform: Platform, { to, text, button, link }: MattermostMessage): string => {
  const lines = plain(text.slice(0, MOST_TEXT).toWellFormed())
  const linked = link ? `${lines}\n[${plain(link.label)}](${link.url})` : lines
  return JSON.stringify({
    channel: `@${to}`,
    ...(button
      ? {
          attachments: [
            {
              fallback: lines,
              text: linked,
              actions: [
                {
                  id: 'takepage',
                  type: 'button',
                  style: 'primary',
                  name: button.label,
                  integration: {
                    url: `${platform.config.baseUrl}/chat/mattermost/actions`,
                    context: { subject: button.subject, proof: proofOfButton(platform, button.subject) },
                  },
                },
              ],
            },
          ],
        }
      : { text: linked }),
  })
}

/** {"id":"…","message":"…","status_code":400} */
const reasonIn = (text: string): string => {
  try {
    return String((JSON.parse(text) as { message?: unknown }).message ?? '')
  } catch {
    return ''
  }
}

export const postToMattermost = async (platform: Platform, message: MattermostMessage): Promise<Carried> => {
  const { MATTERMOST_WEBHOOK } = platform.config
  if (!MATTERMOST_WEBHOOK)
    return { kind: 'refused', detail: 'no Mattermost webhook is set (MATTERMOST_WEBHOOK)' }
  try {
    const answer = await post(
      MATTERMOST_WEBHOOK,
      { 'content-type': 'application/json' },
      bodyOf(platform, message),
    )
    return judged('Mattermost', answer, platform.clock.now(), reasonIn(answer.text))
  } catch (error) {
    return unanswered('Mattermost', error)
  }
}
