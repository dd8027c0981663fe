/** Faults: what a verb throws when it cannot go on, and the one place that turns anything thrown into a problem reply. */
import { errorCatalogue, type ErrorCode, type Problem } from '../../contract/errors.ts'
import type { Refusal } from '../../domain/refusal.ts'
import { IN_ENGLISH, type Reader } from './messages/languages.ts'
import { saidTo } from './messages/said.ts'
import { isDatabaseAway, isDatabaseFull, isUnstorable } from './database.ts'

export type FieldFault = { readonly path: string; readonly detail: string }

/** `detail` is read by people and must tell what to do; `cause` stays with us; `retryAfterSeconds` is told to programs. */
export class Fault extends Error {
  readonly code: string
  readonly status: number
  readonly title: string
  readonly errors: readonly FieldFault[] | undefined
  readonly retryAfterSeconds: number | undefined

  constructor(
    code: ErrorCode,
    detail: string,
    options: { errors?: readonly FieldFault[]; cause?: unknown; retryAfterSeconds?: number } = {},
  ) {
    super(detail, { cause: options.cause })
    const entry = errorCatalogue[code]
    this.code = code
    this.status = entry.status
    this.title = entry.title
    this.errors = options.errors
    this.retryAfterSeconds = options.retryAfterSeconds
  }
}

/** A rule's refusal as a 409: the request was understood and the rules say no. Its code is the rule's own. */
export class RefusalFault extends Fault {
  override readonly code: string
  constructor(refusal: Refusal, path?: string) {
    super('conflict', refusal.detail, path ? { errors: [{ path, detail: refusal.detail }] } : {})
    this.code = refusal.code
  }
}

/** @param path the field that the rule speaks of, where one field alone is to blame */
export const refused = (refusal: Refusal, path?: string): RefusalFault => new RefusalFault(refusal, path)
export const notFound = (what: string): Fault =>
  new Fault('not-found', `${what} was not found, or you may not see it.`)

type FastifyFault = { statusCode?: number; code?: string; message?: string }

const fromFastify = ({ statusCode, code, message }: FastifyFault): Fault | undefined => {
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return new Fault('too-large', 'The body is larger than this address accepts. Send less at a time.')
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
    return new Fault('unsupported-media-type', 'Send application/json.')
  if (statusCode === 413) return new Fault('too-large', 'This is larger than we accept. Send less at a time.')
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new Fault(
      'bad-request',
      /json/i.test(message ?? '') ? 'The body is not valid JSON.' : 'The request could not be read.',
    )
  }
  return undefined
}

/** Anything thrown → a Fault. Unknown errors become 'unexpected' and never leak their text. */
export const toFault = (error: unknown): Fault => {
  if (error instanceof Fault) return error
  if (isDatabaseAway(error))
    return new Fault(
      'unavailable',
      'The database does not answer at this moment. Try again; with the same Idempotency-Key nothing happens twice.',
      { cause: error },
    )
  if (isDatabaseFull(error))
    return new Fault(
      'unavailable',
      'The disk of the database is full. Nothing was stored; free space, then try again.',
      { cause: error, retryAfterSeconds: 60 },
    )
  if (isUnstorable(error))
    return new Fault(
      'invalid-input',
      'Nothing was changed. A text contains a character that cannot be stored.',
      {
        cause: error,
      },
    )
  return (
    fromFastify((error ?? {}) as FastifyFault) ??
    new Fault('unexpected', 'Something went wrong on our side. Quote the request id when you report it.', {
      cause: error,
    })
  )
}

/** @param reader who is told, as their request introduces them; the code is the same in every language */
export const problemOf = (fault: Fault, requestId: string, reader: Reader = IN_ENGLISH): Problem => ({
  type: `urn:fortnight:error:${fault.code}`,
  code: fault.code,
  title: saidTo(reader, fault.title),
  status: fault.status,
  detail: saidTo(reader, fault.message),
  requestId,
  ...(fault.errors
    ? { errors: fault.errors.map(({ path, detail }) => ({ path, detail: saidTo(reader, detail) })) }
    : {}),
})
