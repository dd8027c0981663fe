/** Bodies of other dialects: whatever content type they claim, JSON in UTF-8, or nothing. */
import type { FastifyInstance } from 'fastify'
import { DEEPEST } from '../platform/http/storable.ts'

/** As large as what Alertmanager may send us by webhook: a notification that is refused for its size is a page that never rings. */
export const LARGEST_BODY_BYTES = 32 * 1024 * 1024

/** The digest of the receipt is over the bytes as they came. */
export const takeRawBodies = (scope: FastifyInstance): void => {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser(
    '*',
    { parseAs: 'buffer', bodyLimit: LARGEST_BODY_BYTES },
    (_request, body, done) => done(null, body),
  )
}

export type Parsed = { readonly body: unknown } | { readonly fault: string }

/** Without recursion, so that nesting cannot exhaust the stack. */
const isDeep = (value: unknown): boolean => {
  const waiting = [{ value, depth: 0 }]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (typeof next.value !== 'object' || next.value === null) continue
    if (next.depth === DEEPEST) return true
    for (const inner of Object.values(next.value)) waiting.push({ value: inner, depth: next.depth + 1 })
  }
  return false
}

/** Nothing at all is an empty object: many operations need no words. */
export const parseJson = (bytes: unknown): Parsed => {
  const text = Buffer.isBuffer(bytes) ? bytes.toString('utf8').trim() : ''
  if (text === '') return { body: {} }
  try {
    const body: unknown = JSON.parse(text)
    return isDeep(body) ? { fault: `The body is nested deeper than ${DEEPEST} levels.` } : { body }
  } catch {
    return { fault: 'The body is not valid JSON.' }
  }
}
