/** Signing in by choosing a person: bound by the demo alone, which is open to whoever reaches its loopback address. */
import { z } from 'zod'
import { defineRoutes } from '../route.ts'
import { handle } from './accounts.ts'

export const demoRoutes = defineRoutes({
  showPeople: {
    method: 'GET',
    path: '/demo',
    summary: 'The people of the demo',
    permission: 'public',
    reply: z.unknown(),
  },
  choosePerson: {
    method: 'POST',
    path: '/demo',
    summary: 'Sign in as one of them',
    permission: 'public',
    body: z.object({ handle }),
    reply: z.unknown(),
    errors: ['not-found'],
  },
})
