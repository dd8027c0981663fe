/** What paging does later, so that every process knows it: the next escalation step, each send, and what waits for the morning. */
export { pageStep } from './begin-step.ts'
export { pageSend } from './send-intent.ts'
export { pagingBeat } from './beat/paging-beat.ts'
export { drillDue } from './drills/drill-plans.ts'
export { drillDeadline } from './drills/end-drill.ts'
export { pageHeldBack } from './request-page.ts'
