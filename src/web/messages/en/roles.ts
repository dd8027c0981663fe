/** What roles are called; what they may do is decided by the server. */
export const roles = {
  administrator: 'Administrator',
  engineer: 'Engineer',
  'delivery-manager': 'Delivery Manager',
  'product-owner': 'Product Owner',
  architect: 'Architect',
  management: 'Management',
  auditor: 'Auditor',
} as const
