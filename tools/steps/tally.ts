// Adds up what the test runs said, and decides whether the whole may call itself passed.

export type TestOutcome = {
  readonly name: string
  readonly file: string
  readonly result: 'passed' | 'failed' | 'skipped'
  /** why it was skipped */
  readonly reason?: string | undefined
}

export type Tally = { passed: number; failed: number; skipped: number; readonly skips: Map<string, string[]> }

export const newTally = (): Tally => ({ passed: 0, failed: 0, skipped: 0, skips: new Map() })

/** A skip must say why: one without a reason counts as failed. Lines that were cut off by a kill are ignored. */
export function addOutcomes(tally: Tally, jsonLines: string): number {
  let seen = 0
  for (const line of jsonLines.split('\n')) {
    const outcome = parseOutcome(line)
    if (!outcome) continue
    seen++
    if (outcome.result !== 'skipped') tally[outcome.result]++
    else if (outcome.reason) noteSkip(tally, outcome.reason, outcome)
    else {
      tally.failed++
      console.log(`skipped without a reason, so it counts as failed: ${outcome.file}: ${outcome.name}`)
    }
  }
  return seen
}

function parseOutcome(line: string): TestOutcome | undefined {
  try {
    return JSON.parse(line) as TestOutcome
  } catch {
    return undefined
  }
}

function noteSkip(tally: Tally, reason: string, { file, name }: TestOutcome): void {
  tally.skipped++
  tally.skips.set(reason, [...(tally.skips.get(reason) ?? []), `${file}: ${name}`])
}

/** The skip reasons, then the closing line alone. */
export function closingLines(tally: Tally): string[] {
  const reasons = [...tally.skips].flatMap(([reason, tests]) => [
    `skipped: ${reason}`,
    ...tests.map((test) => `  ${test}`),
  ])
  return [...reasons, `${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`]
}

/** Nothing run is not a pass. */
export const exitCode = (tally: Tally): number => (tally.failed > 0 || tally.passed === 0 ? 1 : 0)
