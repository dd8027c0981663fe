/** Audit packs as clients see them: ask for one, watch it being built, take it away. */
import { z } from 'zod'
import { defineRoutes } from '../route.ts'
import { environmentRef, id, instant, pageOf, paging, personRef, prose, slug } from '../shapes.ts'

export const packStatus = z.enum(['building', 'ready', 'failed', 'withdrawn'])

export const auditPack = z.object({
  id,
  status: packStatus,
  /** What the builder does, in words; null when it has ended. */
  step: z.string().nullable(),
  /** Empty for a pack of the organisation's own log. */
  environments: z.array(environmentRef),
  from: instant,
  to: instant,
  /** null where it was erased. */
  purpose: z.string().nullable(),
  requestedBy: personRef,
  requestedAt: instant,
  endedAt: instant.nullable(),
  size: z.number().int().nullable(),
  sha256: z.string().nullable(),
  entries: z.number().int().nullable(),
  /** Why there is none: in a sentence, and what contradicts. */
  failure: z.object({ code: z.string(), detail: z.string(), findings: z.array(z.string()) }).nullable(),
  downloadUrl: z.string().nullable(),
  /** Until when it can be downloaded. */
  keptUntil: instant.nullable(),
})
export type AuditPackReply = z.infer<typeof auditPack>

const byId = z.object({ packId: id })
const FIVE_YEARS_MS = 5 * 366 * 24 * 3600 * 1000

export const auditPackRoutes = defineRoutes({
  requestPack: {
    method: 'POST',
    path: '/api/evidence/packs',
    summary: 'Asks for an audit pack; it is built by a worker, verified, and then ready for download.',
    permission: 'evidence.export',
    body: z
      .object({
        /** Slugs, all of one customer. */
        environments: z.array(slug).min(1).max(50).optional(),
        /** A pack of the organisation's own log instead. */
        organisation: z.literal(true).optional(),
        /** From this instant on. */
        from: instant,
        /** Up to, and without, this instant. */
        to: instant,
        purpose: prose(500).min(3, 'say what it is for'),
      })
      .refine(({ from, to }) => from < to && to - from <= FIVE_YEARS_MS, {
        path: ['to'],
        message: 'after `from`, by five years at most',
      })
      .refine(
        ({ environments, organisation }) => (environments === undefined) !== (organisation === undefined),
        {
          path: ['environments'],
          message: 'either environments or organisation',
        },
      ),
    reply: auditPack,
    status: 202,
    errors: ['not-found', 'conflict'],
  },
  listPacks: {
    method: 'GET',
    path: '/api/evidence/packs',
    summary: 'Audit packs, newest first.',
    permission: 'evidence.read',
    query: paging,
    reply: pageOf(auditPack),
  },
  getPack: {
    method: 'GET',
    path: '/api/evidence/packs/:packId',
    summary: 'One audit pack: how far it is, or what became of it.',
    permission: 'evidence.read',
    params: byId,
    reply: auditPack,
    errors: ['not-found'],
  },
  downloadPack: {
    method: 'GET',
    path: '/api/evidence/packs/:packId/download',
    summary: 'The zip. That it was taken away is an entry in the log.',
    permission: 'evidence.export',
    params: byId,
    reply: z.unknown(),
    errors: ['not-found', 'conflict'],
  },
})
