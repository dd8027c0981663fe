/** Binds the routes of customers. */
import type { FastifyInstance } from 'fastify'
import { customerRoutes } from '../../../contract/people/customers.ts'
import { bind } from '../../platform/http/bind.ts'
import { archiveCustomer, restoreCustomer } from './archive-customer.ts'
import { createCustomer } from './create-customer.ts'
import { getCustomer, listCustomers } from './list-customers.ts'
import { updateCustomer } from './update-customer.ts'

export const bindCustomers = (http: FastifyInstance): void =>
  bind(http, customerRoutes, {
    listCustomers,
    getCustomer,
    createCustomer,
    updateCustomer,
    archiveCustomer,
    restoreCustomer,
  })
