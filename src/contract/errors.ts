/** Every error a client may meet: stable code, HTTP status, title. docs/errors.md lists the same set; a test holds them together. */

type Entry = { readonly status: number; readonly title: string }

export const errorCatalogue = {
  'bad-request': { status: 400, title: 'The request could not be understood' },
  'invalid-input': { status: 422, title: 'Some of what was sent cannot be used' },
  'not-signed-in': { status: 401, title: 'Sign in first' },
  'wrong-credentials': { status: 401, title: 'These credentials are not valid' },
  'wrong-key': { status: 401, title: 'This integration key is not valid' },
  'not-allowed': { status: 403, title: 'You may not do this' },
  'cross-site-refused': { status: 403, title: 'A request from another site was refused' },
  'not-found': { status: 404, title: 'There is nothing here' },
  'method-not-allowed': { status: 405, title: 'This address does not answer that method' },
  conflict: { status: 409, title: 'Somebody was faster' },
  'already-exists': { status: 409, title: 'This exists already' },
  'key-reused': { status: 422, title: 'This idempotency key was used for another request' },
  'still-running': { status: 409, title: 'The first request with this key is still running' },
  'reply-lost': { status: 409, title: 'This was done, but its reply was lost' },
  'link-expired': { status: 410, title: 'This link is no longer valid' },
  'link-used': { status: 410, title: 'This link was used already' },
  'too-large': { status: 413, title: 'This is larger than we accept' },
  'unsupported-media-type': { status: 415, title: 'This kind of content is not accepted here' },
  'too-many-tries': { status: 429, title: 'Too many tries' },
  'chunk-out-of-order': { status: 409, title: 'Another chunk is wanted first' },
  'chunk-differs': { status: 409, title: 'This chunk is here with other bytes' },
  'chunk-hash-mismatch': { status: 422, title: 'The bytes are not what their hash says' },
  'chunks-missing': { status: 409, title: 'Not every chunk has arrived' },
  'already-closed': { status: 409, title: 'This session was closed before' },
  unexpected: { status: 500, title: 'Something went wrong on our side' },
  unavailable: { status: 503, title: 'Not available at this moment' },
  held: { status: 503, title: 'This installation is held after a restore' },
} as const satisfies Record<string, Entry>

export type ErrorCode = keyof typeof errorCatalogue

/** RFC 9457 problem details as every error reply carries them. `errors` names the fields of invalid input. */
export type Problem = {
  readonly type: string
  readonly code: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly requestId: string
  readonly errors?: readonly { readonly path: string; readonly detail: string }[]
}
