/** Questions to the database behind a play, past every verb: what invariants are asked of. */
import pg from 'pg'

export type Questions = {
  readonly ask: <Row>(text: string, values?: readonly unknown[]) => Promise<Row[]>
  readonly close: () => Promise<void>
}

export const openQuestions = (connectionString: string): Questions => {
  const pool = new pg.Pool({ connectionString, max: 1 })
  pool.on('error', () => undefined)
  return {
    ask: async <Row>(text: string, values: readonly unknown[] = []) =>
      (await pool.query(text, [...values])).rows as Row[],
    close: () => pool.end(),
  }
}
