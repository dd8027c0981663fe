/** What an address may carry after its question mark, read leniently: a mangled link still opens the view. */

type Raw = Readonly<Record<string, unknown>>

const words = (raw: Raw, name: string, most: number): string | undefined => {
  const value = raw[name]
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' && value.length <= most ? value : undefined
}
const word = (raw: Raw, name: string): string | undefined => words(raw, name, 200)
const oneOf = <const T extends string>(raw: Raw, name: string, choices: readonly T[]): T | undefined => {
  const value = word(raw, name)
  return choices.find((choice) => choice === value)
}
const number = (raw: Raw, name: string): number | undefined => {
  const value = Number(raw[name])
  return raw[name] !== undefined && Number.isFinite(value) ? value : undefined
}
/** Leaves out what is not there, so that addresses stay short. */
const given = <T extends Record<string, unknown>>(fields: T): { [K in keyof T]?: T[K] | undefined } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never

export const priorities = ['P1', 'P2', 'P3', 'P4', 'P5'] as const

export const alertSearch = (raw: Raw) =>
  given({
    status: oneOf(raw, 'status', ['open', 'acknowledged', 'closed', 'all']),
    environment: word(raw, 'environment'),
    priority: oneOf(raw, 'priority', priorities),
    query: words(raw, 'query', 1_000),
    /** By what it is grouped, and the question of the group that is open. */
    by: words(raw, 'by', 310),
    open: words(raw, 'open', 1_000),
  })
export const ruleSearch = (raw: Raw) =>
  given({ environment: word(raw, 'environment'), days: oneOf(raw, 'days', ['7', '30', '365']) })
export const reportSearch = (raw: Raw) =>
  given({
    days: oneOf(raw, 'days', ['7', '90', '366']),
    customer: word(raw, 'customer'),
    environment: word(raw, 'environment'),
  })
export const ruleSetSearch = (raw: Raw) => given({ found: oneOf(raw, 'found', ['red', 'any']) })
export const pageSearch = (raw: Raw) =>
  given({
    status: oneOf(raw, 'status', ['unresolved', 'resolved', 'all']),
    environment: word(raw, 'environment'),
  })
export const onCallSearch = (raw: Raw) =>
  given({
    schedule: word(raw, 'schedule'),
    from: word(raw, 'from'),
    weeks: oneOf(raw, 'weeks', ['2', '4', '8']),
    view: oneOf(raw, 'view', ['rota', 'escalation', 'policies', 'routing', 'drills']),
    drill: word(raw, 'drill'),
    known: word(raw, 'known'),
    hours: oneOf(raw, 'hours', ['month', 'last-month', 'quarter', 'year']),
  })
export const incidentSearch = (raw: Raw) =>
  given({
    status: oneOf(raw, 'status', ['open', 'mitigated', 'resolved', 'all']),
    environment: word(raw, 'environment'),
  })
export const decisionSearch = (raw: Raw) =>
  given({
    environment: word(raw, 'environment'),
    show: oneOf(raw, 'show', ['owed', 'proposed', 'decided']),
    search: word(raw, 'search'),
    /** Opens the form with the incident it is for. */
    incident: word(raw, 'incident'),
    make: oneOf(raw, 'make', ['1']),
  })
export const operatorLogSearch = (raw: Raw) =>
  given({
    environment: word(raw, 'environment'),
    view: oneOf(raw, 'view', ['log', 'sessions']),
    category: oneOf(raw, 'category', ['change', 'incident', 'maintenance', 'look']),
    kind: oneOf(raw, 'kind', ['look', 'decided', 'break-glass', 'without-decision']),
    search: word(raw, 'search'),
  })
/** `at`: seconds from the beginning of the recording. */
export const recordingSearch = (raw: Raw) => given({ at: number(raw, 'at') })
export const environmentSearch = (raw: Raw) =>
  given({ tab: oneOf(raw, 'tab', ['keys', 'heartbeats', 'phone-lines']) })
export const customerSearch = (raw: Raw) =>
  given({ tab: oneOf(raw, 'tab', ['customers']), customer: word(raw, 'customer') })
export const settingsSearch = (raw: Raw) => given({ kind: oneOf(raw, 'kind', ['staff', 'contact']) })
export const evidenceSearch = (raw: Raw) => given({ tab: oneOf(raw, 'tab', ['logs', 'packs']) })
export const ledgerLogSearch = (raw: Raw) => given({ type: word(raw, 'type') })
export const signInSearch = (raw: Raw) => given({ to: word(raw, 'to') })
