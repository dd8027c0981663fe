/** The two things only the operator knows at the end: whether something was changed, and what it was about. */
import { createInterface } from 'node:readline/promises'
import { plainText } from './plain-text.ts'
import type { RecordRequest } from './record-options.ts'
import type { RecordIo } from './record-io.ts'

export type ClosingAnswers = { readonly changedSomething?: boolean; readonly summary?: string }

const SUMMARY_MAX = 2_000

/**
 * @param decision null when the session ended as a mere look: then we ask whether it stayed one.
 * Ctrl-C or a closed terminal leaves the rest unanswered, which is an honest answer too.
 */
export const askAtTheEnd = async (
  io: RecordIo,
  request: RecordRequest,
  decision: string | null,
): Promise<ClosingAnswers> => {
  const given = request.summary === undefined ? {} : { summary: request.summary }
  if (!request.asks || io.stdin.isTTY !== true) return given
  const asking = new AbortController()
  const lines = createInterface({ input: io.stdin, output: io.stdout })
  lines.once('SIGINT', () => asking.abort())
  lines.once('close', () => asking.abort())
  const ask = async (question: string): Promise<string | null> => {
    try {
      return (await lines.question(question, { signal: asking.signal })).trim()
    } catch {
      return null
    }
  }
  try {
    let answers: ClosingAnswers = given
    if (request.kind === 'look' && decision === null) {
      const changed = await askYesOrNo(ask, '  Did you change anything? [y/N] ')
      if (changed !== null) answers = { ...answers, changedSomething: changed }
    }
    if (answers.summary === undefined && !asking.signal.aborted) {
      const summary = await ask('  In a line, what did you do? (Enter: leave open) ')
      if (summary !== null && summary !== '')
        answers = { ...answers, summary: plainText(summary, SUMMARY_MAX) }
    }
    return answers
  } finally {
    lines.close()
    io.stdin.pause()
  }
}

/** Anything but yes, no or Enter is asked again: a summary typed too early must not count as a no. */
const askYesOrNo = async (
  ask: (question: string) => Promise<string | null>,
  question: string,
): Promise<boolean | null> => {
  for (;;) {
    const answer = await ask(question)
    if (answer === null) return null
    if (/^(?:n|no)?$/i.test(answer)) return false
    if (/^(?:y|yes)$/i.test(answer)) return true
  }
}
