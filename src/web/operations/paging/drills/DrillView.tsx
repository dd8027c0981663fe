/** One drill: every step of the path with its time, and the question afterwards. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { clockTimeWithSeconds, duration } from '../../../messages/format.ts'
import { ErrorNote } from '../../../parts/ErrorNote.tsx'
import { Panel } from '../../../parts/Page.tsx'
import { useReader } from '../../../parts/reader.ts'
import { Row, Rows } from '../../../parts/Rows.tsx'
import { SkeletonLines } from '../../../parts/Skeleton.tsx'
import { TimeText } from '../../../parts/TimeText.tsx'
import { t as ways } from '../rules/words.ts'
import styles from './Drills.module.css'
import { DidItWake } from './DidItWake.tsx'
import { DrillStatus } from './DrillStatus.tsx'
import { outcomeOf } from './outcome.ts'
import { drillQuery, type DrillDetail } from './queries.ts'
import { t } from './words.ts'

type Step = DrillDetail['steps'][number]

const wayOf = ({ channel }: Step): string =>
  channel === null || channel === 'screen' ? '' : ways(`way-${channel}`)

const wordsOf = (step: Step): string => {
  switch (step.what) {
    case 'asked':
    case 'received':
    case 'taken':
    case 'missed':
      return t(`step-${step.what}`)
    case 'paged':
      return t('step-paged', { policy: step.detail })
    default:
      return t(`step-${step.what}`, { way: wayOf(step) })
  }
}

/** Why it was missed is said above already, and a policy stands in its sentence. */
const detailOf = ({ what, detail }: Step): string => (what === 'missed' || what === 'paged' ? '' : detail)

const Steps = ({ drill }: { drill: DrillDetail }) => {
  const reader = useReader()
  return (
    <Rows label={t('steps')}>
      {drill.steps.map((step, place) => (
        <Row
          // Two steps may say the same of the same person at the same instant.
          // oxlint-disable-next-line react/no-array-index-key
          key={place}
          tall
          stacked
          title={<span className={styles.wrapped}>{wordsOf(step)}</span>}
          note={
            <span className={styles.wrapped}>
              {[step.person?.name, detailOf(step)].filter((part) => part).join(' · ')}
            </span>
          }
          end={
            <span className="dim">
              {clockTimeWithSeconds(step.at, reader)}
              {step.at > drill.askedAt
                ? ` · ${t('after', { length: duration(step.at - drill.askedAt) })}`
                : ''}
            </span>
          }
        />
      ))}
    </Rows>
  )
}

const Found = ({ drill }: { drill: DrillDetail }) => (
  <>
    <Panel
      title={`${drill.environment.name} · ${drill.person?.name ?? t('by-policy')}`}
      actions={<DrillStatus status={drill.status} />}
    >
      <p className={styles.wrapped}>{outcomeOf(drill)}</p>
      <p className="dim">
        {drill.scheduled ? t('weekly') : t('asked-by', { name: drill.askedBy?.name ?? '…' })} ·{' '}
        <TimeText at={drill.askedAt} still />
        {drill.page ? (
          <>
            {' · '}
            <a className="link" href={`/pages/${drill.page}`}>
              {t('open-page')}
            </a>
          </>
        ) : null}
      </p>
      {drill.overruledRule ? <p>{t('overruled', { rule: drill.overruledRule })}</p> : null}
    </Panel>
    {drill.apps.length > 0 ? <DidItWake key={drill.id} drill={drill} /> : null}
    <Panel title={t('steps')} flush>
      <Steps drill={drill} />
    </Panel>
  </>
)

export const DrillView = ({ drillId }: { drillId: string }) => {
  const { data, error, refetch } = useQuery(drillQuery(drillId))
  return (
    <>
      <p>
        <Link to="/on-call" search={{ view: 'drills' }} className="link">
          {t('all')}
        </Link>
      </p>
      {data ? (
        <Found drill={data} />
      ) : error ? (
        <ErrorNote error={error} onRetry={refetch} />
      ) : (
        <SkeletonLines lines={8} />
      )}
    </>
  )
}
