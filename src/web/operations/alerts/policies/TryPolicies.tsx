/** What the policies as they are drafted would have made of the alerts that came in; asked of the server, which writes nothing. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useDraft } from '../../../parts/draft.ts'
import { ErrorNote } from '../../../parts/ErrorNote.tsx'
import { Select } from '../../../parts/Field.tsx'
import form from '../../../parts/Form.module.css'
import { Panel } from '../../../parts/Page.tsx'
import { useRested } from '../../../parts/rested.ts'
import { SkeletonLines } from '../../../parts/Skeleton.tsx'
import { TimeText } from '../../../parts/TimeText.tsx'
import { api } from '../../../shell/api.ts'
import type { Choices } from '../../paging/routing/queries.ts'
import routing from '../../paging/routing/Routing.module.css'
import type { Policy, Tried } from './queries.ts'
import { differences } from './sentence.ts'
import { t } from './words.ts'

const useTried = (policies: readonly Policy[], environment: string) => {
  const asked = { policies, environment }
  const { value } = useRested(asked, JSON.stringify(asked))
  return useQuery({
    queryKey: ['on-call', 'alert-policies', 'try', value],
    queryFn: ({ signal }) =>
      api(
        'POST /api/alert-policies/try',
        {
          policies: [...value.policies],
          ...(value.environment === '' ? {} : { environment: value.environment }),
        },
        { signal, asksOnly: true },
      ),
    placeholderData: (previous) => previous,
  })
}

const Answer = ({ tried, nameOf }: { tried: Tried; nameOf: (policyId: string) => string }) => (
  <>
    <p>
      {t('looked', { count: tried.looked })}. {t('changed', { count: tried.changed })}
    </p>
    {tried.faults.map(({ policyId, detail }) => (
      <p key={policyId} className={form.fault}>
        {t('try-fault', { name: nameOf(policyId), detail })}
      </p>
    ))}
    <ul className={routing.main} aria-label={t('try')}>
      {tried.rows.map((row) => (
        <li key={row.alert.id} className={routing.wrapped}>
          <Link to="/alerts/$alertId" params={{ alertId: row.alert.id }} className="link">
            {row.alert.name}
          </Link>{' '}
          <span className="dim">
            {row.alert.environment.slug} · <TimeText at={row.alert.openedAt} still />
          </span>
          <br />
          {differences(row).join(' · ')}
        </li>
      ))}
    </ul>
  </>
)

export const TryPolicies = ({ policies, choices }: { policies: readonly Policy[]; choices: Choices }) => {
  const { draft, field } = useDraft({ environment: '' })
  const { data, error } = useTried(policies, draft.environment)
  const nameOf = (policyId: string): string => policies.find(({ id }) => id === policyId)?.name ?? policyId
  return (
    <Panel title={t('try')}>
      <div className={form.form}>
        <p className="dim">{t('try-text')}</p>
        <Select
          label={t('environment')}
          choices={[
            { value: '', label: t('all-environments') },
            ...choices.environments.map(({ slug, name }) => ({ value: slug, label: name })),
          ]}
          {...field('environment')}
        />
        <div className={routing.verdict} aria-live="polite">
          {error ? <ErrorNote error={error} small /> : null}
          {!error && data ? <Answer tried={data} nameOf={nameOf} /> : null}
          {!error && !data ? <SkeletonLines lines={3} /> : null}
        </div>
      </div>
    </Panel>
  )
}
