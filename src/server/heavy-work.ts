/** What the worker loads when there is work: every task kind, the chains that its events set off, and the runner. */
import { registerChains } from './chains/index.ts'
import type { Platform } from './platform/context.ts'
import { openTaskRunner, type TaskRunner } from './platform/tasks/runner.ts'
import './all-tasks.ts'

/** @param platform booted without chains: nothing was recorded in this process before */
export const openHeavyWork = (platform: Platform): TaskRunner => {
  registerChains(platform.reactions)
  return openTaskRunner(platform, ['heavy'])
}
