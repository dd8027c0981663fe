/** How an alert stands; apart, because the home view needs no more of the alert views. */
export const alertStatus = {
  'status-open': 'Open',
  'status-acknowledged': 'Acknowledged',
  asleep: 'Asleep to {until}',
  'status-closed': 'Closed',
} as const
