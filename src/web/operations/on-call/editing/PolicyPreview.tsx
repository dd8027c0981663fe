/** What a page would do under a policy, minute by minute, with the names of who would be told at this moment. */
import { stepTimes, targetsOf, type StepTime } from '../../../../domain/operations/paging/page.ts'
import { Badge } from '../../../parts/Badge.tsx'
import { Diff, type DiffLine } from '../../../parts/Diff.tsx'
import { Panel } from '../../../parts/Page.tsx'
import type { Policy } from '../queries.ts'
import { t as view } from '../words.ts'
import styles from './Editing.module.css'
import type { Definition, Target } from './policy-draft.ts'
import type { Whom } from './whom.ts'
import { t } from './words.ts'

const MOST_NAMES = 4

const asPolicy = (definition: Definition) => ({ id: '', name: '', ...definition })

const whenText = (minutes: number): string =>
  minutes === 0 ? view('step-at-once') : t('after-total', { minutes })

/** What a step counts in where the environment has a response time stands beside its minutes. */
const stepText = ({ steps }: Definition, { step, afterMinutes }: StepTime): string => {
  const part = step.lastResort || step.round > 0 ? undefined : steps[step.step]?.ofResponse
  const when = whenText(afterMinutes)
  return part === undefined ? when : t('or-of-response', { when, percent: Math.round(part * 100) })
}

const Told = ({ target, whom }: { target: Target; whom: Whom }) => {
  const now = whom.now(target)
  const names = now?.slice(0, MOST_NAMES).join(', ')
  const more = (now?.length ?? 0) - MOST_NAMES
  return (
    <p>
      {whom.nameOf(target)}
      {target.kind === 'account' || now === undefined ? null : now.length === 0 ? (
        <>
          {' '}
          <Badge tone="red">{t('tells-nobody')}</Badge>
        </>
      ) : (
        <span className={styles.who}>
          {' '}
          ({names}
          {more > 0 ? ` +${more}` : ''})
        </span>
      )}
    </p>
  )
}

const Ladder = ({ definition, whom }: { definition: Definition; whom: Whom }) => {
  const policy = asPolicy(definition)
  return (
    <ol className={styles.ladder}>
      {stepTimes(policy).map(({ step, afterMinutes }) => (
        <li key={`${step.round} ${step.step}`}>
          <span>{stepText(definition, { step, afterMinutes })}</span>
          <div>
            {targetsOf(policy, step).length === 0 ? <p className="dim">{t('no-targets')}</p> : null}
            {targetsOf(policy, step).map((target) => (
              <Told key={JSON.stringify(target)} target={target} whom={whom} />
            ))}
          </div>
        </li>
      ))}
    </ol>
  )
}

/** One line a step, so that what differs stands under one another. */
const linesOf = (definition: Definition, whom: Whom): readonly string[] => {
  const policy = asPolicy(definition)
  return stepTimes(policy).map(
    ({ step, afterMinutes }) =>
      `${stepText(definition, { step, afterMinutes })}: ${targetsOf(policy, step).map(whom.nameOf).join(', ')}`,
  )
}

const diffOf = (before: readonly string[], after: readonly string[]): readonly DiffLine[] => [
  ...before.filter((text) => !after.includes(text)).map((text): DiffLine => ({ kind: 'removed', text })),
  ...after.map((text): DiffLine => ({ kind: before.includes(text) ? 'same' : 'added', text })),
]

export const PolicyPreview = ({
  base,
  definition,
  whom,
}: {
  base: Policy | undefined
  definition: Definition
  whom: Whom
}) => {
  const lines = base ? diffOf(linesOf(base, whom), linesOf(definition, whom)) : []
  return (
    <>
      <Panel title={t('ladder')}>
        <p className={styles.ladderText}>{t('ladder-text')}</p>
        <Ladder definition={definition} whom={whom} />
      </Panel>
      {base ? (
        <Panel title={t('policy-changes')}>
          {lines.every(({ kind }) => kind === 'same') ? (
            <p className="dim">{t('policy-same')}</p>
          ) : (
            <Diff lines={lines} label={t('policy-changes')} />
          )}
        </Panel>
      ) : null}
    </>
  )
}
