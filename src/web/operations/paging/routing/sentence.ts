/** A rule as one plain sentence, and service hours as one line: what is decided at night is read, not decoded. */
import { longWeekday, type Reader } from '../../../messages/format.ts'
import type { Hours, LabelCondition, Rule } from './queries.ts'
import { t } from './words.ts'

type NameOf = (id: string) => string

const anyOf = (words: readonly string[], { locale }: Reader): string =>
  new Intl.ListFormat(locale, { type: 'disjunction' }).format(words)
const allOf = (words: readonly string[], { locale }: Reader): string =>
  new Intl.ListFormat(locale, { type: 'conjunction' }).format(words)

const labelInWords = ({ label, oneOf, not }: LabelCondition, reader: Reader): string => {
  if (oneOf.length === 0) return t(not ? 'label-missing' : 'label-there', { label })
  return t(not ? 'label-is-not' : 'label-is', { label, values: anyOf(oneOf, reader) })
}

/** Clusters and labels, each as words. */
export const scopeInWords = (
  when: Pick<Rule['when'], 'clusters' | 'labels'>,
  reader: Reader,
): readonly string[] => [
  ...(when.clusters ? [t('on-clusters', { names: anyOf(when.clusters, reader) })] : []),
  ...(when.labels
    ? [
        allOf(
          when.labels.map((condition) => labelInWords(condition, reader)),
          reader,
        ),
      ]
    : []),
]

export const whenInWords = ({ when }: Pick<Rule, 'when'>, nameOf: NameOf, reader: Reader): string => {
  const names = (ids: readonly string[]): string => anyOf(ids.map(nameOf), reader)
  return [
    when.priorities ? anyOf(when.priorities, reader) : t('everything'),
    ...(when.hours ? [t(`hours-${when.hours}`)] : []),
    ...(when.environments ? [t('in-environments', { names: names(when.environments) })] : []),
    ...(when.customers ? [t('of-customers', { names: names(when.customers) })] : []),
    ...scopeInWords(when, reader),
  ].join(' ')
}

const doesInWords = ({ does }: Rule, nameOf: NameOf): string => {
  switch (does.kind) {
    case 'page':
      return does.policyId === null
        ? t('does-page')
        : t('does-page-policy', { policy: nameOf(does.policyId) })
    case 'wait':
      return does.policyId === null
        ? t('does-wait')
        : t('does-wait-policy', { policy: nameOf(does.policyId) })
    case 'list':
      return t('does-list')
  }
}

export const ruleInWords = (rule: Rule, nameOf: NameOf, reader: Reader): string =>
  t('sentence', { when: whenInWords(rule, nameOf, reader), does: doesInWords(rule, nameOf) })

/** Monday is 1: three or more in a row are read faster as the first and the last. */
const daysInWords = (days: readonly number[], reader: Reader): string => {
  const sorted = days.toSorted((a, b) => a - b)
  const [first, last] = [sorted[0], sorted.at(-1)]
  if (first === undefined || last === undefined) return ''
  return sorted.length > 2 && last - first === sorted.length - 1
    ? `${longWeekday(first, reader)} – ${longWeekday(last, reader)}`
    : allOf(
        sorted.map((day) => longWeekday(day, reader)),
        reader,
      )
}

export const hoursInWords = ({ windows, zone, holidays }: Hours, reader: Reader): string =>
  [
    ...windows.map(({ days, from, to }) => t('days-at', { days: daysInWords(days, reader), from, to })),
    zone,
    ...(holidays.length > 0 ? [t('holidays', { count: holidays.length })] : []),
  ].join(' · ')
