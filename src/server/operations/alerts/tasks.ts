/** What alerts do later, so that every process knows it: waking from a snooze. */
export { alertWake } from './snooze-alert.ts'
