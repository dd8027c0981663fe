/** The first start: one link, one administrator. */
import { z } from 'zod'
import { defineRoutes } from '../route.ts'
import { done, emailAddress, line, zone } from '../shapes.ts'
import { handle, linkToken, password } from './accounts.ts'

export const setup = z.object({
  token: linkToken,
  organisation: line(100),
  name: line(100),
  handle,
  email: emailAddress,
  password,
  zone,
})
export type Setup = z.output<typeof setup>

export const installationRoutes = defineRoutes({
  showSetup: {
    method: 'GET',
    path: '/setup',
    summary: 'The page behind the setup link; looking changes nothing',
    permission: 'public',
    query: z.object({ token: linkToken.optional() }),
    reply: z.unknown(),
    errors: ['link-expired', 'link-used'],
  },
  submitSetup: {
    method: 'POST',
    path: '/setup',
    summary: 'The form of the setup page; faults are shown beside the fields',
    permission: 'public',
    body: z.record(z.string().max(40), z.string().max(300)),
    reply: z.unknown(),
    errors: ['link-expired', 'link-used'],
  },
  finishSetup: {
    method: 'POST',
    path: '/api/setup',
    summary: 'Create the first administrator with the one-time setup link and sign in',
    permission: 'public',
    body: setup,
    reply: done,
    errors: ['link-expired', 'link-used'],
  },
  renameOrganisation: {
    method: 'PUT',
    path: '/api/organisation',
    summary: 'Change the name of the organisation',
    permission: 'installation.change',
    body: z.strictObject({ name: line(100) }),
    reply: z.object({ name: z.string() }),
  },
})
