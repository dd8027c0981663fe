/** What alerts do later, so that every process knows it: waking from a snooze, and acts on many. */
export { alertBulk } from './act-on-many.ts'
export { alertWake } from './snooze-alert.ts'
export { closeSilentTask, forgetMerged } from './policies/auto-close.ts'
