/** Customers: the organisations whose environments the team runs. */
import { z } from 'zod'
import { defineRoutes } from '../route.ts'
import { id, instant, line, pageOf, paging, slug } from '../shapes.ts'

export const customer = z.object({
  id,
  slug: z.string(),
  name: z.string(),
  createdAt: instant,
  archivedAt: instant.nullable(),
})
export type Customer = z.input<typeof customer>

/** Either form is accepted wherever a customer is named. */
const customerPath = z.object({ customer: slug.or(id) })

export const customerRoutes = defineRoutes({
  listCustomers: {
    method: 'GET',
    path: '/api/customers',
    summary: 'List customers; a contact sees their own',
    permission: 'customers.read',
    query: paging.extend({ archived: z.enum(['true', 'false']).optional() }),
    reply: pageOf(customer),
  },
  getCustomer: {
    method: 'GET',
    path: '/api/customers/:customer',
    summary: 'One customer, by slug or id',
    permission: 'customers.read',
    params: customerPath,
    reply: customer,
    errors: ['not-found'],
  },
  createCustomer: {
    method: 'POST',
    path: '/api/customers',
    summary: 'Create a customer',
    permission: 'customers.change',
    body: z.strictObject({ slug, name: line(100) }),
    reply: customer,
    status: 201,
    errors: ['already-exists'],
  },
  updateCustomer: {
    method: 'PATCH',
    path: '/api/customers/:customer',
    summary: 'Change the name of a customer',
    permission: 'customers.change',
    params: customerPath,
    body: z.strictObject({ name: line(100).optional() }),
    reply: customer,
    errors: ['not-found'],
  },
  archiveCustomer: {
    method: 'POST',
    path: '/api/customers/:customer/archive',
    summary: 'Archive a customer whose environments and contacts are archived',
    permission: 'customers.change',
    params: customerPath,
    reply: customer,
    errors: ['not-found'],
  },
  restoreCustomer: {
    method: 'POST',
    path: '/api/customers/:customer/restore',
    summary: 'Take a customer back into use',
    permission: 'customers.change',
    params: customerPath,
    reply: customer,
    errors: ['not-found'],
  },
})
