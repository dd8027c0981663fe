/** Sentences about customers and environments. */
export const environments = {
  title: 'Customers & environments',
  'title-environments': 'Environments',
  environment: 'Environment',
} as const
