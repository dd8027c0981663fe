/** Shapes of contracts that have not landed; each goes away when its contract arrives. */
import type { z } from 'zod'

type Expected<M, P, I, R> = {
  method: M
  path: P
  summary: string
  permission: 'public'
  body: z.ZodType<I, I>
  reply: z.ZodType<R, R>
}
type Ref = { id: string; name: string }
type EnvironmentRef = { id: string; slug: string; name: string }
type PageOf<T> = { rows: T[]; next: string | null }
type Listing = { limit?: number; after?: string; environment?: string }

/* contract/operations/incidents.ts */
export type IncidentRow = {
  id: string
  number: string
  environment: EnvironmentRef
  title: string
  status: 'open' | 'mitigated' | 'resolved'
  priority: 'P1' | 'P2' | 'P3' | 'P4' | 'P5'
  phase: 'observe' | 'orient' | 'decide' | 'act'
  openedAt: number
  resolvedAt: number | null
  lead: Ref | null
}
export type ExpectedTable = {
  listIncidents: Expected<
    'GET',
    '/api/incidents',
    Listing & { status?: 'open' | 'resolved' | 'all' },
    PageOf<IncidentRow>
  >
  openIncident: Expected<
    'POST',
    '/api/incidents',
    { alertId?: string; environment?: string; title?: string },
    IncidentRow
  >
}
