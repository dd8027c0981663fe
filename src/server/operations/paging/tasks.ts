/** What paging does later, so that every process knows it: the next escalation step, and each send. */
export { pageStep } from './begin-step.ts'
export { pageSend } from './send-intent.ts'
