/** How urgent an alert is: the severity label of its rule, mapped the way platform teams write their rules. */

/** 1 wake somebody now · 2 a person today · 3 look regularly · 4 and 5 for information. */
export type Priority = 1 | 2 | 3 | 4 | 5

const bySeverity: Readonly<Record<string, Priority>> = {
  critical: 1,
  warning: 2,
  high: 2,
  medium: 3,
  low: 4,
}

/** Undefined for a word that is no known severity. */
export const knownSeverity = (severity: string | undefined): Priority | undefined => {
  const key = (severity ?? '').trim().toLowerCase()
  return Object.hasOwn(bySeverity, key) ? bySeverity[key] : undefined
}

/** @param severity the label as written; case and surrounding spaces do not matter, anything unknown or absent is 5 */
export const priorityOfSeverity = (severity: string | undefined): Priority => knownSeverity(severity) ?? 5

/** P1 and P2 page; the others are listed. */
export const pages = (priority: Priority): boolean => priority <= 2
