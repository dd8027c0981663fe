/** The four digits by which a page is meant in a reply: they follow from the promise, so that none is stored. */
import { createHmac } from 'node:crypto'
import type { Platform } from '../../../platform/context.ts'

export const replyNumberOf = ({ secrets }: Platform, pageId: string): string => {
  const mac = createHmac('sha256', secrets.derive('page-reply-numbers')).update(pageId).digest()
  return String(mac.readUInt32BE(0) % 10_000).padStart(4, '0')
}
