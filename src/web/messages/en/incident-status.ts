/** How an incident stands and how bad it is; apart, because the home view needs no more of the incident views. */
export const incidentStatus = {
  'severity-short': 'S{level}',
  'severity-spoken': 'Severity {level}',
  'status-open': 'Open',
  'status-mitigated': 'Mitigated',
  'status-resolved': 'Resolved',
} as const
