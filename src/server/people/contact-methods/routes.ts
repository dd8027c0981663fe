/** Binds the routes of the ways one can be reached. */
import type { FastifyInstance } from 'fastify'
import { contactMethodRoutes } from '../../../contract/people/contact-methods.ts'
import { bind } from '../../platform/http/bind.ts'
import { notStored } from '../not-stored.ts'
import { addContactMethod } from './add-contact-method.ts'
import { listContactMethods, removeContactMethod } from './contact-methods.ts'
import { sendContactCode, verifyContactMethod } from './verify-contact-method.ts'

export const bindContactMethods = (http: FastifyInstance): void =>
  bind(http, contactMethodRoutes, {
    listContactMethods,
    addContactMethod: async (ctx, input) => notStored(201, await addContactMethod(ctx, input)),
    sendContactCode,
    verifyContactMethod,
    removeContactMethod,
  })
