/** Whom a page tells, and whom next when nobody takes it. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Badge, Tag } from '../../parts/Badge.tsx'
import { buttonLook } from '../../parts/Button.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { ErrorNote } from '../../parts/ErrorNote.tsx'
import { Columns, Panel } from '../../parts/Page.tsx'
import { SkeletonLines } from '../../parts/Skeleton.tsx'
import { useMay } from '../../shell/session.ts'
import styles from './Escalation.module.css'
import { policiesQuery, type Policy } from './queries.ts'
import { roleName } from '../../people/accounts/role-name.ts'
import { t } from './words.ts'

type Target = Policy['steps'][number]['targets'][number]

const targetName = (policy: Policy, target: Target): string => {
  switch (target.kind) {
    case 'role':
      return t('target-role', { role: roleName(target.role) })
    case 'account':
      return policy.people.find(({ id }) => id === target.id)?.name ?? '?'
    case 'schedule':
      return t(`target-schedule-${target.who ?? 'now'}`, {
        schedule: policy.schedules.find(({ id }) => id === target.id)?.name ?? '?',
      })
    case 'team':
      return t(`target-team-${target.who ?? 'everybody'}`, {
        team: policy.teams.find(({ id }) => id === target.id)?.name ?? '?',
      })
  }
}

const Step = ({ when, policy, targets }: { when: string; policy: Policy; targets: readonly Target[] }) => (
  <li className={styles.step}>
    <span className={styles.when}>{when}</span>
    <span className={styles.targets}>
      {targets.map((target) => (
        <Tag key={JSON.stringify(target)}>{targetName(policy, target)}</Tag>
      ))}
    </span>
  </li>
)

const OnePolicy = ({ policy }: { policy: Policy }) => (
  <Panel
    title={policy.name}
    actions={
      policy.can.change ? (
        <Link
          to="/on-call/policies/$policy"
          params={{ policy: policy.slug }}
          className={buttonLook('quiet', 'small')}
          data-tone="quiet"
          aria-label={t('edit-policy', policy)}
        >
          {t('edit')}
        </Link>
      ) : null
    }
  >
    <p className={styles.serves}>
      {[
        ...(policy.isDefault ? [t('policy-default')] : []),
        ...(policy.environments.length > 0
          ? [
              t('policy-environments', {
                environments: policy.environments.map(({ slug }) => slug).join(', '),
              }),
            ]
          : []),
      ].join(' · ')}
    </p>
    <ol className={styles.steps}>
      {policy.steps.map((step) => (
        <Step
          key={step.afterMinutes}
          when={
            step.afterMinutes === 0
              ? t('step-at-once')
              : t(step.unless === 'closed' ? 'step-after-unless-closed' : 'step-after', {
                  minutes: step.afterMinutes,
                })
          }
          policy={policy}
          targets={step.targets}
        />
      ))}
      <Step when={t('fallback')} policy={policy} targets={policy.fallback} />
    </ol>
    {policy.repeat > 0 ? <p className={styles.finding}>{t('repeats', { count: policy.repeat })}</p> : null}
    {policy.findings.map((finding) => (
      <p key={finding.detail} className={styles.finding}>
        <Badge tone={finding.severity}>
          <span className={styles.sentence}>{finding.detail}</span>
        </Badge>
      </p>
    ))}
  </Panel>
)

export const Escalation = () => {
  const mayCreate = useMay()('on-call.change')
  const { data, error, refetch } = useQuery(policiesQuery)
  if (error)
    return (
      <Columns narrow>
        <ErrorNote error={error} onRetry={refetch} />
      </Columns>
    )
  if (data?.rows.length === 0)
    return (
      <EmptyState
        icon="page"
        title={t('escalation-empty')}
        {...(mayCreate ? { command: t('empty-command') } : {})}
        action={
          mayCreate ? (
            <Link to="/on-call/new-policy" className={buttonLook('primary')}>
              {t('new-policy')}
            </Link>
          ) : null
        }
      >
        {t(mayCreate ? 'escalation-empty-text' : 'escalation-empty-reader')}
      </EmptyState>
    )
  return (
    <Columns narrow>
      {data ? (
        data.rows.map((policy) => <OnePolicy key={policy.id} policy={policy} />)
      ) : (
        <SkeletonLines lines={6} />
      )}
    </Columns>
  )
}
