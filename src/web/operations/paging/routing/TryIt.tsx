/** What would become of an alert by the rules as they are drafted; asked of the server, which writes nothing. */
import { useQuery } from '@tanstack/react-query'
import { dayAndTime } from '../../../messages/format.ts'
import { instantOf, isDate } from '../../../parts/days.ts'
import { useDraft } from '../../../parts/draft.ts'
import { ErrorNote } from '../../../parts/ErrorNote.tsx'
import { Select, TextArea, TextField } from '../../../parts/Field.tsx'
import form from '../../../parts/Form.module.css'
import { Panel } from '../../../parts/Page.tsx'
import { SkeletonLines } from '../../../parts/Skeleton.tsx'
import { useReader } from '../../../parts/reader.ts'
import { useRested } from '../../../parts/rested.ts'
import { api } from '../../../shell/api.ts'
import { priorities } from '../../../shell/search.ts'
import type { Choices, Rule, Verdict } from './queries.ts'
import styles from './Routing.module.css'
import { readLabels } from './try-labels.ts'
import { t } from './words.ts'

type Question = {
  readonly environment: string
  readonly priority: (typeof priorities)[number]
  readonly labels: Readonly<Record<string, string>>
  readonly at?: number
  readonly rules: readonly Rule[]
}

const useVerdict = (question: Question | undefined) => {
  const name = JSON.stringify(question)
  const { value, resting } = useRested(question, name)
  const query = useQuery({
    queryKey: ['on-call', 'routing', 'try', value],
    queryFn: ({ signal }) =>
      api(
        'POST /api/routing-rules/try',
        { ...value!, labels: { ...value!.labels }, rules: [...value!.rules] },
        { signal, asksOnly: true },
      ),
    enabled: value !== undefined,
    placeholderData: (previous) => previous,
  })
  return { ...query, resting }
}

const becomes = (verdict: Verdict, until: string): string => {
  const policy = verdict.policy?.name
  switch (verdict.does) {
    case 'page':
      return policy === undefined ? t('would-page-nobody') : t('would-page', { policy })
    case 'wait':
      return t('would-wait', { until, policy: policy ?? '–' })
    case 'list':
      return t('would-list')
  }
}

const Answer = ({ verdict }: { verdict: Verdict }) => {
  const reader = useReader()
  const until = verdict.until === null ? '–' : dayAndTime(verdict.until, reader)
  return (
    <>
      <p>{becomes(verdict, until)}</p>
      <p>{verdict.rule ? t('because-rule', { rule: verdict.rule.name }) : t('because-none')}</p>
      <p className="dim">{t(verdict.served ? 'served' : 'not-served')}</p>
    </>
  )
}

export const TryIt = ({ rules, choices }: { rules: readonly Rule[]; choices: Choices }) => {
  const { zone } = useReader()
  const { draft, field } = useDraft({ environment: '', priority: 'P2', labels: '', date: '', time: '' })
  const labels = readLabels(draft.labels)
  const environment = draft.environment || choices.environments[0]?.slug
  const isWhole = environment !== undefined && labels.fault === undefined
  const at = isDate(draft.date) ? instantOf(draft.date, draft.time || '00:00', zone) : undefined
  const question: Question | undefined = isWhole
    ? {
        environment,
        priority: draft.priority as Question['priority'],
        labels: labels.labels,
        ...(at === undefined ? {} : { at }),
        rules,
      }
    : undefined
  const { data, error } = useVerdict(question)
  return (
    <Panel title={t('try')}>
      <div className={form.form}>
        <p className="dim">{t('try-text')}</p>
        <Select
          label={t('environment')}
          {...field('environment')}
          value={environment ?? ''}
          choices={choices.environments.map(({ slug, name }) => ({ value: slug, label: name }))}
        />
        <Select
          label={t('priority')}
          choices={priorities.map((value) => ({ value, label: value }))}
          {...field('priority')}
        />
        <TextArea
          label={t('try-labels')}
          optional
          hint={t('try-labels-hint')}
          fault={labels.fault === undefined ? undefined : t('try-labels-fault', { count: labels.fault })}
          {...field('labels')}
        />
        <div className={form.pair}>
          <TextField label={t('date')} type="date" {...field('date')} />
          <TextField label={t('time')} type="time" disabled={draft.date === ''} {...field('time')} />
        </div>
        <p className="dim">{t('time-hint', { zone })}</p>
        <div className={styles.verdict} aria-live="polite">
          {error ? <ErrorNote error={error} small /> : null}
          {!error && data ? <Answer verdict={data} /> : null}
          {!error && !data ? isWhole ? <SkeletonLines lines={3} /> : <p>{t('try-waits')}</p> : null}
        </div>
      </div>
    </Panel>
  )
}
