/** What an address that a person gave us may lead to: an address inside our own network is a door into what lies around us. */
import { isIP } from 'node:net'

/** A name of the public net; an address, or a name of this machine or its network, is none. The root's dot at the end is no other name. */
const isPublicName = (written: string): boolean => {
  const host = written.replace(/\.$/, '')
  return host.includes('.') && isIP(host) === 0 && !/\.(local|localhost|internal|lan|home\.arpa)$/i.test(host)
}

/**
 * https of a public name without credentials; anything by http or https where the installation allows what is inside its
 * network. Checked when it is stored and when it is used; where the name leads
 * is judged by post-outside.ts when it is connected to.
 */
export const isOutboundAddress = (address: string, allowInside: boolean): boolean => {
  if (!URL.canParse(address) || address.length > 1_000) return false
  const { protocol, username, password, hostname } = new URL(address)
  if (username !== '' || password !== '') return false
  if (allowInside) return protocol === 'https:' || protocol === 'http:'
  return protocol === 'https:' && isPublicName(hostname)
}
