// Adds up what the test runs said, and decides whether the whole may call itself passed.

export type TestOutcome = {
  readonly name: string
  readonly file: string
  readonly result: 'passed' | 'failed' | 'skipped'
  /** why it was skipped */
  readonly reason?: string | undefined
}

export type Tally = {
  passed: number
  failed: number
  skipped: number
  /** one sentence for each failure */
  readonly failures: string[]
  /** tests by reason */
  readonly skips: Map<string, string[]>
}

export const newTally = (): Tally => ({ passed: 0, failed: 0, skipped: 0, failures: [], skips: new Map() })

/** A skip must say why: one without a reason counts as failed. Lines that were cut off by a kill are ignored. */
export function addOutcomes(tally: Tally, jsonLines: string): number {
  const outcomes = jsonLines.split('\n').flatMap((line) => parseOutcome(line) ?? [])
  for (const { name, file, result, reason } of outcomes) {
    const test = `${file}: ${name}`
    if (result === 'passed') tally.passed++
    else if (result === 'failed') noteFailure(tally, test)
    else if (reason) noteSkips(tally, reason, [test])
    else noteFailure(tally, `${test} (skipped without a reason)`)
  }
  return outcomes.length
}

function parseOutcome(line: string): TestOutcome | undefined {
  try {
    return JSON.parse(line) as TestOutcome
  } catch {
    return undefined
  }
}

export function noteFailure(tally: Tally, failure: string): void {
  tally.failed++
  tally.failures.push(failure)
}

function noteSkips(tally: Tally, reason: string, tests: readonly string[]): void {
  tally.skipped += tests.length
  tally.skips.set(reason, [...(tally.skips.get(reason) ?? []), ...tests])
}

export function addTally(whole: Tally, part: Tally): void {
  whole.passed += part.passed
  for (const failure of part.failures) noteFailure(whole, failure)
  for (const [reason, tests] of part.skips) noteSkips(whole, reason, tests)
}

/** What failed, why something was skipped, then the closing line alone. */
export function closingLines(tally: Tally): string[] {
  const skips = [...tally.skips].flatMap(([reason, tests]) => [
    `skipped: ${reason}`,
    ...tests.map((test) => `  ${test}`),
  ])
  return [
    ...tally.failures.map((failure) => `failed: ${failure}`),
    ...skips,
    `${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`,
  ]
}

/** Nothing run is not a pass. */
export const exitCode = (tally: Tally): number => (tally.failed > 0 || tally.passed === 0 ? 1 : 0)
