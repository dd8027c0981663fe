/** Which cached answers a change makes old: the area's own, and those of areas that show it. */
import { queryClient } from './query-client.ts'

export type Change = {
  readonly area: string
  readonly type: string
  readonly id: string
  readonly version: number
  readonly environmentId: string | null
}

/** The first word of every query key is an area. A change of the left one is shown by the right ones too. */
const shownIn: Readonly<Record<string, readonly string[]>> = {
  alerts: ['pages', 'incidents', 'maintenance'],
  pages: ['alerts', 'incidents', 'drills'],
  drills: ['on-call'],
  'on-call': ['pages'],
  incidents: ['alerts', 'decisions', 'operator-log'],
  decisions: ['incidents', 'operator-log', 'maintenance'],
  maintenance: ['alerts', 'pages'],
  'operator-log': ['incidents', 'decisions'],
  accounts: ['me', 'on-call', 'teams'],
  teams: ['on-call'],
  self: ['me', 'accounts'],
  environments: ['customers'],
  customers: ['environments'],
  keys: ['environments'],
  ledger: ['evidence'],
  'audit-packs': ['evidence'],
  packs: ['evidence'],
  installation: ['me'],
}

const GATHER_MS = 80
let waiting = new Set<string>()
let timer: number | undefined

const flush = (): void => {
  const areas = waiting
  waiting = new Set()
  timer = undefined
  void queryClient.invalidateQueries({ predicate: ({ queryKey }) => areas.has(String(queryKey[0])) })
}

/** A burst of changes costs one refresh. */
export const refreshAfter = ({ area }: Change): void => {
  for (const affected of [area, ...(shownIn[area] ?? [])]) waiting.add(affected)
  timer ??= window.setTimeout(flush, GATHER_MS)
}

export const refreshAll = (): void => void queryClient.invalidateQueries()

/** Answers read before an instant, in epoch milliseconds. */
export const refreshOlder = (at: number): void =>
  void queryClient.invalidateQueries({
    predicate: ({ state }) => state.dataUpdatedAt > 0 && state.dataUpdatedAt < at,
  })
