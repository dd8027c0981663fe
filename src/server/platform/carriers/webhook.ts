/** Sends a signed webhook, as www.standardwebhooks.com describes it: id, timestamp and HMAC, so that receivers need no library of ours. */
import { createHmac } from 'node:crypto'
import type { Platform } from '../context.ts'
import { judged, post, unanswered, type Carried } from './carried.ts'
import { isOutboundAddress } from './outbound-address.ts'
import { InsideAddress, postOutside } from './post-outside.ts'

const mayLeadInside = ({ config }: Pick<Platform, 'config'>): boolean => config.WEBHOOK_ALLOW_HTTP === 'true'

export const isWebhookAddress = (platform: Pick<Platform, 'config'>, url: string): boolean =>
  isOutboundAddress(url, mayLeadInside(platform))

const PREFIX = 'whsec_'

/** @param key 24 to 64 random bytes @returns how a receiver is given it */
export const printedWebhookKey = (key: Uint8Array): string =>
  `${PREFIX}${Buffer.from(key).toString('base64')}`

/** HMAC-SHA256 over `id.timestamp.body`, in base64, after the version `v1,`. */
export const webhookSignature = (key: Uint8Array, id: string, timestamp: number, body: string): string =>
  `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`

/**
 * @param message `id` is the same at each attempt: receivers drop what they have seen
 * @returns 2xx accepted; 410 refused, the receiver is gone; 429 and 5xx later
 */
export const sendWebhook = async (
  platform: Platform,
  to: { readonly url: string; readonly key: Uint8Array },
  message: { readonly id: string; readonly payload: unknown },
): Promise<Carried> => {
  if (!isWebhookAddress(platform, to.url))
    return { kind: 'refused', detail: 'this address is not allowed: it must be https of a public name' }
  const now = platform.clock.now()
  const timestamp = Math.floor(now / 1_000)
  const body = JSON.stringify(message.payload)
  try {
    const answer = await (mayLeadInside(platform) ? post : postOutside)(
      to.url,
      {
        'content-type': 'application/json',
        'user-agent': 'Fortnight',
        'webhook-id': message.id,
        'webhook-timestamp': String(timestamp),
        'webhook-signature': webhookSignature(to.key, message.id, timestamp, body),
      },
      body,
    )
    return judged('the webhook', answer, now)
  } catch (error) {
    if (error instanceof InsideAddress) return { kind: 'refused', detail: error.message }
    return unanswered('the webhook', error)
  }
}
