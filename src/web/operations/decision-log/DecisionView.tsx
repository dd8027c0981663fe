/** One decision: what was decided and why, by whom, whether it still covers a change, and everything ever said of it. */
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { Badge } from '../../parts/Badge.tsx'
import { Button } from '../../parts/Button.tsx'
import { Command } from '../../parts/EmptyState.tsx'
import { ErrorNote } from '../../parts/ErrorNote.tsx'
import { useKeys } from '../../parts/keys.ts'
import { Columns, Fact, Facts, Page, Panel } from '../../parts/Page.tsx'
import { SkeletonLines } from '../../parts/Skeleton.tsx'
import { TimeText } from '../../parts/TimeText.tsx'
import { useCommands } from '../../shell/commands.ts'
import { useMay } from '../../shell/session.ts'
import type { DecisionVerb } from './DecisionDialogs.tsx'
import { DecisionStatus, titleOf } from './DecisionStatus.tsx'
import styles from './DecisionView.module.css'
import { Entries, GlassPanel, TermsPanel } from './DecisionWords.tsx'
import { decisionQuery, type DecisionDetail } from './queries.ts'
import { t } from './words.ts'

const DecisionDialogs = lazy(() => import('./DecisionDialogs.tsx'))
const WindowsOfDecision = lazy(() => import('../maintenance/WindowsOfDecision.tsx'))
const route = getRouteApi('/frame/decisions/$decisionId')

/** What is waited for, as opposed to what may also be done. */
const wanted: ReadonlySet<DecisionVerb> = new Set(['decide', 'write-up', 'review'])

/** Most wanted first: it becomes the main button. */
const verbsOf = ({ can }: DecisionDetail): readonly { id: DecisionVerb; keys: string; label: string }[] => [
  ...(can.decide ? [{ id: 'decide' as const, keys: 'd', label: t('decide') }] : []),
  ...(can.writeUp ? [{ id: 'write-up' as const, keys: 'w', label: t('write-up') }] : []),
  ...(can.review ? [{ id: 'review' as const, keys: 'r', label: t('review') }] : []),
  ...(can.amend ? [{ id: 'amend' as const, keys: 'm', label: t('amend') }] : []),
  ...(can.supersede ? [{ id: 'supersede' as const, keys: 's', label: t('supersede') }] : []),
  ...(can.withdraw ? [{ id: 'withdraw' as const, keys: 'x', label: t('withdraw') }] : []),
]

const DecisionFacts = ({ decision }: { decision: DecisionDetail }) => (
  <Panel>
    <Facts>
      <Fact name={t('status')}>
        <DecisionStatus decision={decision} />
      </Fact>
      <Fact name={t('environment')}>
        <Link
          to="/environments/$environment"
          params={{ environment: decision.environment.slug }}
          className="link"
        >
          {decision.environment.name}
        </Link>
      </Fact>
      <Fact name={t('opened-by')}>
        {decision.openedBy.name}, <TimeText at={decision.openedAt} />
      </Fact>
      {decision.decidedBy && decision.decidedAt !== null ? (
        <Fact name={t('decided-by')}>
          {decision.decidedBy.name}, <TimeText at={decision.decidedAt} />
        </Fact>
      ) : null}
      {decision.cooperation ? (
        <Fact name={t('in-cooperation')}>
          {decision.cooperation.kind === 'internal'
            ? t('internal-short')
            : decision.cooperation.contacts.map(({ name }) => name).join(', ')}
        </Fact>
      ) : null}
      <Fact name={t('valid-until')}>
        {decision.validUntil === null ? t('for-ever') : <TimeText at={decision.validUntil} show="exact" />}
      </Fact>
      {decision.ending ? (
        <Fact name={t('ended')}>
          {t(`status-${decision.ending.kind}`)}, {decision.ending.by.name},{' '}
          <TimeText at={decision.ending.at} />
          {decision.ending.supersededBy ? ` → ${decision.ending.supersededBy}` : ''}
          {decision.ending.reason ? <p className="dim">{decision.ending.reason}</p> : null}
        </Fact>
      ) : null}
    </Facts>
  </Panel>
)

const Cover = ({ decision }: { decision: DecisionDetail }) => (
  <Panel title={t('covers-now')}>
    <div className={styles.cover}>
      {decision.covers.covered ? (
        <Badge tone={decision.breakGlass ? 'amber' : 'green'}>{t('covered')}</Badge>
      ) : (
        <>
          <Badge tone="neutral">{t('not-covered')}</Badge>
          <p className="dim">{decision.covers.why}</p>
        </>
      )}
      {decision.can.record && decision.covers.covered ? (
        <>
          <p className="dim">{t('record-text')}</p>
          <Command
            text={`fortnight record --environment ${decision.environment.slug} --decision ${decision.number}`}
          />
        </>
      ) : null}
    </div>
  </Panel>
)

const Loaded = ({ decision }: { decision: DecisionDetail }) => {
  const [asking, setAsking] = useState<DecisionVerb>()
  const mayRead = useMay()
  const verbs = verbsOf(decision).map((verb) => ({ ...verb, run: () => setAsking(verb.id) }))
  useKeys(verbs)
  useCommands({ subject: `${decision.environment.slug}/${decision.number}`, commands: verbs })
  const title = titleOf(decision.what)
  return (
    <Page
      title={`${decision.number} ${title}`}
      name={title || decision.number}
      crumbs={[
        { label: t('title'), link: { to: '/decisions' } },
        {
          label: decision.environment.slug,
          link: { to: '/decisions', search: { environment: decision.environment.slug } },
        },
      ]}
      lead={<span className="number dim">{decision.number}</span>}
      actions={verbs.map((verb, position) => (
        <Button
          key={verb.id}
          tone={position === 0 && wanted.has(verb.id) ? 'primary' : 'plain'}
          keys={verb.keys}
          onClick={verb.run}
        >
          {verb.label}
        </Button>
      ))}
    >
      <Columns
        rail={
          <>
            <DecisionFacts decision={decision} />
            <Cover decision={decision} />
          </>
        }
      >
        {decision.glass ? <GlassPanel decision={decision} glass={decision.glass} /> : null}
        {decision.terms ? <TermsPanel terms={decision.terms} /> : null}
        {mayRead('alerts.read') ? (
          <Suspense>
            <WindowsOfDecision decision={decision} />
          </Suspense>
        ) : null}
        <Entries decision={decision} />
      </Columns>
      <Suspense>
        {asking ? (
          <DecisionDialogs verb={asking} decision={decision} onClose={() => setAsking(undefined)} />
        ) : null}
      </Suspense>
    </Page>
  )
}

export const DecisionView = () => {
  const { decisionId } = route.useParams()
  const { data, error, refetch } = useQuery(decisionQuery(decisionId))
  if (data) return <Loaded decision={data} />
  return (
    <Page title={t('title')} name="…" crumbs={[{ label: t('title'), link: { to: '/decisions' } }]}>
      <Columns>{error ? <ErrorNote error={error} onRetry={refetch} /> : <SkeletonLines lines={8} />}</Columns>
    </Page>
  )
}
