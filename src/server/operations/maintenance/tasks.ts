/** What windows do later, so that every process knows it. */
export { maintenanceEnd } from './end-window.ts'
