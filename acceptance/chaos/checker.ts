/** Compares what the senders were promised with what the database holds, and asks the invariants. */
import { brokenInvariants } from '../../src/simulator/invariants.ts'
import { openQuestions } from '../../src/simulator/question-store.ts'
import type { Promised } from './senders.ts'

const missing = (promised: ReadonlySet<string>, found: readonly { key: string }[]): string[] => {
  const known = new Set(found.map((row) => row.key))
  return [...promised].filter((key) => !known.has(key))
}

/** Every sentence is a broken promise; none is what we want. */
export const brokenPromises = async (connectionString: string, promised: Promised): Promise<string[]> => {
  const questions = openQuestions(connectionString)
  const { ask } = questions
  try {
    const alerts = missing(
      promised.alerts,
      await ask<{ key: string }>('select fingerprint as key from alerts'),
    )
    const decisions = missing(
      promised.decisions,
      await ask<{ key: string }>('select id::text as key from decisions'),
    )
    const acknowledged = missing(
      promised.acknowledged,
      await ask<{ key: string }>(`select id::text as key from pages where acknowledged_at is not null`),
    )
    const chunks = await ask<{ id: string; n: number }>(
      'select recording_id::text as id, count(*) as n from recording_chunks group by 1',
    )
    const held = new Map(chunks.map((row) => [row.id, Number(row.n)]))
    const lost = [...promised.chunks].filter(([id, count]) => (held.get(id) ?? 0) < count)
    const broken = await brokenInvariants(questions, Date.now())
    return [
      ...alerts.map((key) => `the alert ${key} was answered 2xx and is not stored`),
      ...decisions.map((key) => `the decision ${key} was answered 2xx and is not stored`),
      ...acknowledged.map((key) => `the acknowledgement of ${key} was answered 2xx and is not stored`),
      ...lost.map(
        ([id, count]) =>
          `recording ${id}: ${count} chunks were answered 204, ${held.get(id) ?? 0} are stored`,
      ),
      ...broken.map(({ invariant, found }) => `${invariant}: ${JSON.stringify(found)}`),
    ]
  } finally {
    await questions.close()
  }
}
