/** POSTs to an address that a person gave us: what its name resolves to at that moment must lie outside, whatever the name promised before. */
import { lookup as resolve, type LookupAddress } from 'node:dns'
import { request } from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { readSome, PATIENCE_MS, type Answered } from './carried.ts'

/** IANA's special-purpose registries (RFC 6890): this host, private, shared, link-local, documentation, benchmarks, multicast, reserved. */
const INSIDE_4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const
/** The first holds `::`, `::1` and version 4 written as version 6. */
const INSIDE_6 = [
  ['::', 80],
  ['64:ff9b:1::', 48],
  ['2001:db8::', 32],
  ['fc00::', 7],
  ['fe80::', 9],
  ['ff00::', 8],
] as const

/** Two lists: one would look for version 4 among version 6 as well, and find all of it. */
const [inside4, inside6] = [new BlockList(), new BlockList()]
for (const [net, bits] of INSIDE_4) inside4.addSubnet(net, bits, 'ipv4')
for (const [net, bits] of INSIDE_6) inside6.addSubnet(net, bits, 'ipv6')

export const isPublicAddress = (address: string): boolean => {
  const family = isIP(address)
  return family === 4 ? !inside4.check(address, 'ipv4') : family === 6 && !inside6.check(address, 'ipv6')
}

export class InsideAddress extends Error {}

type Resolve = (
  host: string,
  options: { readonly all: true },
  done: (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => void,
) => void

/** The connection is made to what is judged here, not to what a second question would be answered. */
export const lookupOutside =
  (resolving: Resolve = resolve): LookupFunction =>
  (host, options, done) =>
    resolving(host, { ...options, all: true }, (error, found) => {
      const [first] = found ?? []
      if (error || !first) return done(error ?? new Error(`${host} has no address`), '')
      if (!found.every(({ address }) => isPublicAddress(address)))
        return done(new InsideAddress(`${host} leads to an address inside a network`), '')
      return options.all ? done(null, found) : done(null, first.address, first.family)
    })

/** Follows no redirect. Throws InsideAddress, or when nobody answers. */
export const postOutside = (
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string | Uint8Array<ArrayBuffer>,
): Promise<Answered> =>
  new Promise((done, fail) => {
    const asked = request(
      url,
      {
        method: 'POST',
        headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
        lookup: lookupOutside(),
        // One connection, one judgement.
        agent: false,
        signal: AbortSignal.timeout(PATIENCE_MS),
      },
      (reply) => {
        const said = new Headers()
        const retryAfter = reply.headers['retry-after']
        if (retryAfter !== undefined) said.set('retry-after', retryAfter)
        readSome(reply).then((text) => {
          reply.destroy()
          done({ status: reply.statusCode ?? 0, headers: said, text })
        }, fail)
      },
    )
    asked.once('error', fail)
    asked.end(body)
  })
