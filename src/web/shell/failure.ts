/** What the server answered when it could not do what was asked: problem+json (RFC 9457) as one typed error. */
import type { Problem } from '../../contract/errors.ts'
import { t } from './words.ts'

export class Failure extends Error {
  /** The catalogue's code, a rule's own code, or `offline` when no answer came. */
  readonly code: string
  readonly status: number
  readonly title: string
  readonly requestId: string
  readonly fields: Readonly<Record<string, string>>

  constructor(problem: Omit<Problem, 'type'>) {
    super(problem.detail)
    this.code = problem.code
    this.status = problem.status
    this.title = problem.title
    this.requestId = problem.requestId
    // `body.email` and `path.id` name the same field to a form.
    this.fields = Object.fromEntries(
      (problem.errors ?? []).map(({ path, detail }) => [path.replace(/^(body|query|path)\.?/, ''), detail]),
    )
  }
}

export const isFailure = (error: unknown): error is Failure => error instanceof Failure

export const offline = (): Failure =>
  new Failure({
    code: 'offline',
    status: 0,
    title: t('offline'),
    detail: t('offline-advice'),
    requestId: '',
  })

/** As much of a Response as is read. */
export type Answer = Pick<Response, 'ok' | 'status' | 'statusText' | 'json'> & {
  readonly headers: Pick<Headers, 'get'>
}

/** Reads an answer that was not 2xx; whatever stood between us and the server may have answered something else than JSON. */
export const failureOf = async (response: Answer): Promise<Failure> => {
  const problem = (await response.json().catch(() => undefined)) as Partial<Problem> | undefined
  return new Failure({
    code: problem?.code ?? 'unexpected',
    status: response.status,
    title: problem?.title ?? t('no-answer'),
    detail:
      problem?.detail ?? t('odd-answer', { status: String(response.status), words: response.statusText }),
    requestId: problem?.requestId ?? response.headers.get('x-request-id') ?? '',
    ...(problem?.errors ? { errors: problem.errors } : {}),
  })
}
