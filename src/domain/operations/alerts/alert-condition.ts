/** Which alerts are meant: the conditions that routing rules, alert policies and maintenance windows are written with. */
import type { Priority } from './priority.ts'

/** The label has one of the values; with none named it is enough that the label is there. `not` turns it round. */
export type LabelCondition = {
  readonly label: string
  readonly oneOf: readonly string[]
  readonly not?: boolean | undefined
}

/** Everything that is named must fit; what is left out fits always. A cluster is the label of that name. */
export type AlertScope = {
  readonly clusters?: readonly string[] | undefined
  readonly labels?: readonly LabelCondition[] | undefined
}

/** Customers and environments are ids. */
export type AlertCondition = AlertScope & {
  readonly customers?: readonly string[] | undefined
  readonly environments?: readonly string[] | undefined
  readonly priorities?: readonly Priority[] | undefined
  /** By the service hours of the environment; one that has none is served around the clock. */
  readonly hours?: 'within' | 'outside' | undefined
}

/** What conditions look at. */
export type ConditionedAlert = {
  readonly customerId: string
  readonly environmentId: string
  readonly priority: Priority
  readonly labels: Readonly<Record<string, string>>
}

export const MOST_VALUES = 100
export const MOST_LABELS = 10

/** Larger than anybody reads, and than every new alert should be held against. */
export const isTooLarge = ({
  customers = [],
  environments = [],
  clusters = [],
  labels = [],
}: AlertCondition): boolean =>
  labels.length > MOST_LABELS ||
  [customers, environments, clusters, ...labels.map(({ oneOf }) => oneOf)].some(
    (values) => values.length > MOST_VALUES,
  )

const isAmong = <T>(wanted: readonly T[] | undefined, is: T): boolean =>
  wanted === undefined || wanted.includes(is)

const fitsLabel = (
  labels: ConditionedAlert['labels'],
  { label, oneOf, not = false }: LabelCondition,
): boolean => {
  // Own only: a label may be called `constructor`.
  const value = Object.hasOwn(labels, label) ? labels[label] : undefined
  const fits = value !== undefined && (oneOf.length === 0 || oneOf.includes(value))
  return fits !== not
}

export const fitsScope = (scope: AlertScope, labels: ConditionedAlert['labels']): boolean =>
  isAmong<string | undefined>(scope.clusters, labels['cluster']) &&
  (scope.labels ?? []).every((condition) => fitsLabel(labels, condition))

/** @param served whether the environment is served at the instant that is asked about */
export const fitsCondition = (when: AlertCondition, alert: ConditionedAlert, served: boolean): boolean =>
  isAmong(when.customers, alert.customerId) &&
  isAmong(when.environments, alert.environmentId) &&
  isAmong(when.priorities, alert.priority) &&
  (when.hours === undefined || (when.hours === 'within') === served) &&
  fitsScope(when, alert.labels)

/** Whether what is decided can depend on the labels of an alert. */
export const asksForLabels = ({ clusters, labels = [] }: AlertScope): boolean =>
  clusters !== undefined || labels.length > 0
