/** How a decision stands; apart, because the home view needs no more of the Decision Log. */
export const decisionStatus = {
  'status-proposed': 'Proposed',
  'status-decided': 'Decided',
  'status-superseded': 'Superseded',
  'status-withdrawn': 'Withdrawn',
  'status-break-glass-owed': 'Break-glass, owed',
  'owed-write-up': 'Write-up owed',
  'owed-review': 'Review owed',
  'owed-write-up-overdue': 'Write-up overdue',
  'owed-review-overdue': 'Review overdue',
} as const
