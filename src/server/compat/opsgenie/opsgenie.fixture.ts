/** A team that is paged, and a client that speaks OpsGenie's dialect to it: what tests of the dialect stand on. */
import assert from 'node:assert/strict'
import { pagingTest, type PagingTest } from '../../operations/paging/paging.fixture.ts'

type Answer = {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  // eslint-disable-next-line typescript/no-explicit-any
  readonly body: any
}

export type OpsGenieTest = PagingTest & {
  readonly call: (
    key: string,
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    url: string,
    body?: unknown,
  ) => Promise<Answer>
  /** Posts an alert; fails unless it was taken. */
  readonly post: (key: string, body: object) => Promise<Answer>
  /** What became of a request. */
  readonly outcome: (key: string, answer: Answer) => Promise<Answer['body']>
  // eslint-disable-next-line typescript/no-explicit-any
  readonly query: (text: string, ...values: unknown[]) => Promise<any[]>
}

export const openOpsGenieTest = async (): Promise<OpsGenieTest> => {
  const paging = await pagingTest()
  const call: OpsGenieTest['call'] = async (key, method, url, body) => {
    const reply = await paging.server.http.inject({
      method,
      url,
      headers: { authorization: `GenieKey ${key}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    return { status: reply.statusCode, headers: reply.headers, body: reply.json() }
  }
  return {
    ...paging,
    call,
    post: async (key, body) => {
      const answer = await call(key, 'POST', '/v2/alerts', body)
      assert.equal(answer.status, 202, JSON.stringify(answer.body))
      return answer
    },
    outcome: async (key, answer) =>
      (await call(key, 'GET', `/v2/alerts/requests/${answer.body.requestId}`)).body.data,
    query: async (text, ...values) => (await paging.server.platform.database.pool.query(text, values)).rows,
  }
}
