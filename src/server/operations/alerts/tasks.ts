/** What alerts do later, so that every process knows it: waking from a snooze, acts on many, and files that were erased. */
export { alertBulk } from './act-on-many.ts'
export { removeAttachedFile } from './attachments.ts'
export { alertWake } from './snooze-alert.ts'
export { closeSilentTask, forgetMerged } from './policies/auto-close.ts'
