/** A policy as one plain sentence, and what it would have changed. */
import type { Reader } from '../../../messages/format.ts'
import { whenInWords } from '../../paging/routing/sentence.ts'
import type { Policy, Tried } from './queries.ts'
import { t } from './words.ts'

const minutes = (count: number): string => t('minutes', { count })

const rewritten = (does: Extract<Policy['does'], { kind: 'rewrite' }>, { locale }: Reader): string =>
  new Intl.ListFormat(locale, { type: 'conjunction' }).format([
    ...(does.message === undefined ? [] : [t('message')]),
    ...(does.description === undefined ? [] : [t('description')]),
    ...(does.priority === undefined ? [] : [does.priority]),
    ...(does.addTags || does.removeTags ? [t('tags')] : []),
    ...(does.details ? [t('details')] : []),
  ])

const doesInWords = ({ does }: Policy, reader: Reader): string => {
  switch (does.kind) {
    case 'rewrite':
      return t('does-rewrite', { what: rewritten(does, reader) })
    case 'delay':
      if (does.minutes === null) return t('does-delay-said', { count: does.occurrences ?? 0 })
      return does.occurrences === null
        ? t('does-delay', { minutes: minutes(does.minutes) })
        : t('does-delay-both', { minutes: minutes(does.minutes), count: does.occurrences })
    case 'suppress':
      return t('does-suppress')
    case 'auto-close':
      return t('does-auto-close', { minutes: minutes(does.minutes) })
    case 'deduplicate':
      return t('does-deduplicate', { alias: does.alias })
    case 'always-page':
      return t('does-always-page')
    case 'damp':
      return does.flap
        ? t('does-damp', {
            count: does.flap.times,
            within: minutes(does.flap.withinMinutes),
            minutes: minutes(does.flap.stayMinutes),
          })
        : t('does-never-damp')
  }
}

export const policyInWords = (policy: Policy, nameOf: (id: string) => string, reader: Reader): string =>
  t(policy.last ? 'sentence-last' : 'sentence', {
    when: whenInWords(policy, nameOf, reader),
    does: doesInWords(policy, reader),
  })

type Row = Tried['rows'][number]

const heldInWords = (would: Row['would']): string => {
  if (would.alwaysPages) return t('would-always')
  if (would.holds === 'suppressed') return t('would-suppress')
  return t(would.holds === 'delayed' ? 'would-delay' : 'would-page')
}

/** Everything that would be different, in the order in which it matters at night. */
export const differences = ({ now, would }: Row): readonly string[] => {
  const same = (part: keyof Row['now']): boolean => JSON.stringify(now[part]) === JSON.stringify(would[part])
  const heldAlike = (['holds', 'alwaysPages', 'delayMinutes', 'delayOccurrences'] as const).every(same)
  return [
    ...(heldAlike ? [] : [heldInWords(would)]),
    ...(same('priority') ? [] : [t('would-priority', { to: would.priority, from: now.priority })]),
    ...(same('message') ? [] : [t('would-message', { to: would.message, from: now.message })]),
    ...(same('alias')
      ? []
      : [would.alias === null ? t('would-itself') : t('would-alias', { to: would.alias })]),
    ...(same('closesAfterMinutes')
      ? []
      : [
          would.closesAfterMinutes === null
            ? t('would-not-close')
            : t('would-close', { minutes: minutes(would.closesAfterMinutes) }),
        ]),
    ...(same('tags') ? [] : [t('would-tags', { to: would.tags.join(', ') || '–' })]),
    ...(same('details')
      ? []
      : [
          t('would-details', {
            to: Object.entries(would.details)
              .map(([name, value]) => `${name} = ${value}`)
              .join(', '),
          }),
        ]),
  ]
}
