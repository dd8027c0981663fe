// Runs the steps of a check side by side and prints one line each, with the whole output of those that failed.
import { availableParallelism } from 'node:os'

export type Step = {
  readonly name: string
  /** `output` is printed when it failed; `note` (a few words) always */
  readonly run: () => Promise<StepResult>
}

export type StepResult = { readonly ok: boolean; readonly output: string; readonly note?: string }

/** @returns how many failed. Lines appear as steps end; output of failed ones follows at the end. */
export async function runSteps(
  steps: readonly Step[],
  say: (line: string) => void = console.log,
): Promise<number> {
  const waiting = [...steps]
  const failures: { name: string; output: string }[] = []
  const worker = async (): Promise<void> => {
    for (let step = waiting.shift(); step; step = waiting.shift()) {
      const startedAt = performance.now()
      const result = await runStep(step)
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1).padStart(5)
      say(
        `${result.ok ? 'ok  ' : 'FAIL'} ${seconds} s  ${step.name}${result.note ? ` (${result.note})` : ''}`,
      )
      if (!result.ok) failures.push({ name: step.name, output: result.output })
    }
  }
  await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, worker))
  for (const { name, output } of failures) say(`\n── ${name} ──\n${output.trimEnd()}`)
  return failures.length
}

async function runStep(step: Step): Promise<StepResult> {
  try {
    return await step.run()
  } catch (fault) {
    return { ok: false, output: fault instanceof Error ? (fault.stack ?? fault.message) : String(fault) }
  }
}
