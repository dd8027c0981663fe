/** What paging does later: the next escalation step, and each send. */
import type { PageState } from '../../../domain/operations/paging/page.ts'
import { NOTHING_CHANGED, record } from '../../platform/record.ts'
import { defineTask } from '../../platform/tasks/task.ts'
import { SEND_LEASE_MS } from '../../../domain/operations/paging/intent.ts'
import { beginDueStep } from './begin-step.ts'
import { sendIntent } from './send-intent.ts'
import { lockPage } from './store.ts'

/** Escalates when nobody has acknowledged. Late or double runs do no harm: the page itself knows which step is due. */
export const pageStep = defineTask<{ pageId: string }>('page.step', {
  lane: 'page',
  maxAttempts: 100,
  run: async (ctx, { pageId }) => {
    await record<unknown>(ctx, async (tx) => {
      const page = await lockPage(tx.db, pageId)
      if (!page) return NOTHING_CHANGED
      const before = page.state as PageState
      return (await beginDueStep(tx, page, before)) === before ? NOTHING_CHANGED : true
    })
  },
})

export const pageSend = defineTask<{ intentId: string }>('page.send', {
  lane: 'page',
  leaseMs: SEND_LEASE_MS + 5_000,
  maxAttempts: 100,
  run: sendIntent,
})
