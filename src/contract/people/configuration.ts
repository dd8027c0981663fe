/** Configuration as code: a team's customers, people and environments (and what other areas add) as one YAML document. */
import { z } from 'zod'
import { defineRoutes } from '../route.ts'
import { emailAddress, line, slug, zone } from '../shapes.ts'
import { handle, locale, role } from './accounts.ts'
import { MOST_MEMBERS, teamRole } from './teams.ts'
import { clusterFields, clusterName, environmentFields } from './environments.ts'

export const CONFIGURATION_VERSION = 1
const LONGEST_DOCUMENT = 1024 * 1024

export const customerEntry = z.strictObject({
  slug: slug.describe('What other entries call this customer; stays the same for good.'),
  name: line(100),
})
export type CustomerEntry = z.output<typeof customerEntry>

export const accountEntry = z
  .strictObject({
    handle: handle.describe('What other entries call this person; stays the same for good.'),
    name: line(100),
    email: emailAddress,
    roles: z
      .array(role)
      .min(1)
      .optional()
      .describe('For staff. Roles give permissions: docs/permissions.md.'),
    contactOf: slug
      .optional()
      .describe('For a customer contact, instead of roles: the slug of their customer.'),
    locale: locale.optional().describe('Language tag such as en; left as it is when left out.'),
    zone: zone.optional().describe('IANA name such as Europe/Stockholm; left as it is when left out.'),
  })
  .refine(({ roles, contactOf }) => (roles === undefined) !== (contactOf === undefined), {
    message: 'needs either roles (staff) or contactOf (a customer contact)',
  })
export type AccountEntry = z.output<typeof accountEntry>

export const teamEntry = z.strictObject({
  slug: slug.describe('What other entries call this team; stays the same for good.'),
  name: line(100),
  members: z
    .array(
      z.strictObject({
        person: handle.describe('The handle of a member of staff.'),
        role: teamRole.optional().describe('member when left out. An admin answers for the team.'),
      }),
    )
    .max(MOST_MEMBERS)
    .describe('In the order in which they are told.'),
})
export type TeamEntry = z.output<typeof teamEntry>

export const clusterEntry = z.strictObject({ name: clusterName, ...clusterFields })
export const environmentEntry = z.strictObject({
  slug: slug.describe('What other entries call this environment; stays the same for good.'),
  customer: slug.describe('The slug of its customer; stays the same for good.'),
  name: line(100),
  ...environmentFields,
  deliveryManager: handle.nullable().optional().describe('The handle of a member of staff.'),
  clusters: z.array(clusterEntry).max(200).optional(),
})
export type EnvironmentEntry = z.output<typeof environmentEntry>

export const configurationChange = z.object({
  kind: z.string(),
  name: z.string(),
  action: z.enum(['create', 'update', 'delete']),
  /** What is created shows every field, what is deleted none: it is archived. */
  fields: z.array(z.object({ field: z.string(), from: z.unknown(), to: z.unknown() })),
})
export type ConfigurationChange = z.output<typeof configurationChange>

export const configurationRoutes = defineRoutes({
  exportConfiguration: {
    method: 'GET',
    path: '/api/configuration',
    summary: 'The whole configuration as YAML, in a fixed order and without secrets',
    permission: 'configuration.read',
    reply: z.object({ document: z.string() }),
  },
  applyConfiguration: {
    method: 'POST',
    path: '/api/configuration/apply',
    summary:
      'Make the installation as the document says, wholly or not at all; dryRun only tells what would change',
    permission: 'configuration.apply',
    bodyLimit: 4 * LONGEST_DOCUMENT,
    body: z.strictObject({
      /** YAML 1.2 or JSON text. */
      document: z.string().max(LONGEST_DOCUMENT),
      dryRun: z.boolean().optional(),
      /** Archive what the document's sections do not mention. Sections that are absent are left alone. */
      prune: z.boolean().optional(),
    }),
    reply: z.object({ changes: z.array(configurationChange), applied: z.boolean() }),
    errors: ['already-exists', 'conflict', 'not-found'],
  },
  showConfigurationSchema: {
    method: 'GET',
    path: '/schema/configuration.json',
    summary: 'JSON Schema of the configuration document, for editors',
    permission: 'public',
    reply: z.unknown(),
  },
})
