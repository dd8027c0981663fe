/** Web push: RFC 8030 delivery, RFC 8291 encryption, RFC 8292 identification. Encryption is web-push's; the sending is ours. */
import { createPublicKey } from 'node:crypto'
import webPush from 'web-push'
import { post, retryAfterMs } from '../../../platform/carriers/carried.ts'
import { isOutboundAddress } from '../../../platform/carriers/outbound-address.ts'
import { InsideAddress, postOutside } from '../../../platform/carriers/post-outside.ts'
import type { Platform } from '../../../platform/context.ts'

export type PushSubscription = { readonly endpoint: string; readonly p256dh: string; readonly auth: string }

/**
 * accepted: 201 or 202, the service holds it; gone: 404 or 410, the subscription is dead and must be forgotten;
 * later: 429, 5xx or no answer; refused: anything else.
 */
export type PushOutcome =
  | { readonly kind: 'accepted'; readonly status: number }
  | { readonly kind: 'gone' | 'refused'; readonly status: number }
  | { readonly kind: 'later'; readonly reason: string; readonly waitMs?: number }

/** A page older than this is worth no more than the mail that says the same. */
const KEEP_SECONDS = 3_600

type VapidKeys = { readonly publicKey: string; readonly privateKey: string }
const keys = new WeakMap<Platform, VapidKeys>()

const vapidKeys = (platform: Platform): VapidKeys => {
  const known = keys.get(platform)
  if (known) return known
  const { d } = platform.secrets.pushKey.export({ format: 'jwk' })
  const { x, y } = createPublicKey(platform.secrets.pushKey).export({ format: 'jwk' })
  const point = Buffer.concat([
    Buffer.from([4]),
    Buffer.from(x as string, 'base64url'),
    Buffer.from(y as string, 'base64url'),
  ])
  const made = { publicKey: point.toString('base64url'), privateKey: d as string }
  keys.set(platform, made)
  return made
}

/** The public key a browser needs to subscribe (applicationServerKey). */
export const pushPublicKey = (platform: Platform): string => vapidKeys(platform).publicKey

const mayLeadInside = ({ config }: Platform): boolean => config.PUSH_ALLOW_HTTP === 'true'

/**
 * What we accept as an endpoint: https of a public name, without credentials; anything by http or https where a push
 * service of one's own is allowed. Checked when it is stored and when used.
 */
export const isPushEndpoint = (platform: Platform, endpoint: string): boolean =>
  isOutboundAddress(endpoint, mayLeadInside(platform))

export const sendPush = async (
  platform: Platform,
  to: PushSubscription,
  payload: unknown,
  topic: string,
): Promise<PushOutcome> => {
  if (!isPushEndpoint(platform, to.endpoint)) return { kind: 'refused', status: 0 }
  try {
    const request = webPush.generateRequestDetails(
      { endpoint: to.endpoint, keys: { p256dh: to.p256dh, auth: to.auth } },
      JSON.stringify(payload),
      {
        vapidDetails: { subject: platform.config.PUSH_CONTACT, ...vapidKeys(platform) },
        contentEncoding: 'aes128gcm',
        TTL: KEEP_SECONDS,
        urgency: 'high',
        // A newer message about the same page replaces one that was not delivered yet (RFC 8030 section 5.4).
        topic,
      },
    )
    const reply = await (mayLeadInside(platform) ? post : postOutside)(
      request.endpoint,
      request.headers as Record<string, string>,
      request.body as Buffer<ArrayBuffer>,
    )
    if (reply.status === 201 || reply.status === 202 || reply.status === 200)
      return { kind: 'accepted', status: reply.status }
    if (reply.status === 404 || reply.status === 410) return { kind: 'gone', status: reply.status }
    if (reply.status === 429 || reply.status >= 500) {
      const waitMs = retryAfterMs(reply.headers.get('retry-after'), platform.clock.now())
      const reason = `the push service answered ${reply.status}`
      return { kind: 'later', reason, ...(waitMs === undefined ? {} : { waitMs }) }
    }
    return { kind: 'refused', status: reply.status }
  } catch (error) {
    if (error instanceof InsideAddress) return { kind: 'refused', status: 0 }
    return { kind: 'later', reason: (error as Error).message.slice(0, 200) }
  }
}
