/** What is thrown when a backup file cannot be believed; its sentence is meant for the person who tries to restore it. */

export class UnusableBackup extends Error {}

export const cutShort = (): UnusableBackup =>
  new UnusableBackup('The backup file ends in the middle: it was cut short. Nothing in it can be trusted.')
export const changed = (what: string): UnusableBackup =>
  new UnusableBackup(`The backup file was changed or is damaged: ${what}.`)
