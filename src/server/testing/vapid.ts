/** RFC 8292 as a push service checks it: who pushes, to whom the token was made out, until when, and whether the key may. */
import { createPublicKey, verify } from 'node:crypto'

type Expected = { readonly origin: string; readonly key: string; readonly now: number }
export type VapidFault = { readonly status: 401 | 403; readonly why: string }

const DAY_SECONDS = 24 * 3_600

const refuse = (why: string): VapidFault => ({ status: 403, why })

/** `vapid t=…, k=…` (section 3); parameters in any order. */
const parametersOf = (header: string): Map<string, string> =>
  new Map(
    header
      .replace(/^vapid\s+/i, '')
      .split(',')
      .map((part) => part.trim().split(/=(.*)/s))
      .map(([name = '', value = '']) => [name, value] as const),
  )

const json = (part: string | undefined): Record<string, unknown> | undefined => {
  try {
    return JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8')) as Record<string, unknown>
  } catch {
    return undefined
  }
}

/** k is an uncompressed point on P-256 (section 3.2). */
const publicKeyOf = (k: string) => {
  const point = Buffer.from(k, 'base64url')
  if (point.length !== 65 || point[0] !== 4) return undefined
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((half) => half.toString('base64url'))
  return createPublicKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', x: x!, y: y! } })
}

const claimFault = (claims: Record<string, unknown>, { origin, now }: Expected): string | undefined => {
  const { aud, exp, sub } = claims
  if (aud !== origin) return `the token is made out to ${String(aud)} and not to ${origin}`
  if (typeof exp !== 'number') return 'the token does not say when it ends'
  if (exp * 1_000 <= now) return 'the token has ended'
  if (exp * 1_000 > now + DAY_SECONDS * 1_000) return 'the token is valid for more than 24 hours'
  if (typeof sub !== 'string' || !/^(mailto:|https:)/.test(sub)) return 'the token names nobody to write to'
  return undefined
}

/** @returns undefined when the request may push */
export const checkVapid = (header: string | undefined, expected: Expected): VapidFault | undefined => {
  if (header === undefined || !/^vapid\s/i.test(header))
    return {
      status: 401,
      why: 'this subscription takes pushes of one application server only, and none is named',
    }
  const given = parametersOf(header)
  const [head, payload, signature] = (given.get('t') ?? '').split('.')
  const key = given.get('k') ?? ''
  if (key !== expected.key) return refuse('another key than the subscription was made for')
  if (json(head)?.['alg'] !== 'ES256') return refuse('the token is not signed with ES256')
  const publicKey = publicKeyOf(key)
  const signed = Buffer.from(signature ?? '', 'base64url')
  const genuine =
    publicKey !== undefined &&
    signed.length === 64 &&
    verify('sha256', Buffer.from(`${head}.${payload}`), { key: publicKey, dsaEncoding: 'ieee-p1363' }, signed)
  if (!genuine) return refuse('the signature of the token is wrong')
  const fault = claimFault(json(payload) ?? {}, expected)
  return fault ? refuse(fault) : undefined
}
