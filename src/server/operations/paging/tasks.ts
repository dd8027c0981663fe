/** What paging does later, so that every process knows it: the next escalation step, each send, and what waits for the morning. */
export { pageStep } from './begin-step.ts'
export { pageSend } from './send-intent.ts'
export { pageHeldBack } from './request-page.ts'
