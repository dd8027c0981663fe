/** One maintenance window: until when, under which decision, and what it kept from paging. */
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { dayAndTime } from '../../messages/format.ts'
import { Badge, Priority } from '../../parts/Badge.tsx'
import { Button } from '../../parts/Button.tsx'
import { ErrorNote } from '../../parts/ErrorNote.tsx'
import { useKeys } from '../../parts/keys.ts'
import { Columns, Fact, Facts, Page, Panel } from '../../parts/Page.tsx'
import { useReader } from '../../parts/reader.ts'
import { Row, Rows } from '../../parts/Rows.tsx'
import { SkeletonLines } from '../../parts/Skeleton.tsx'
import { Timeline } from '../../parts/Timeline.tsx'
import { TimeText } from '../../parts/TimeText.tsx'
import { useCommands } from '../../shell/commands.ts'
import { t as statusWords } from '../alerts/status-words.ts'
import { titleOf } from '../decision-log/DecisionStatus.tsx'
import { scopeInWords } from '../paging/routing/sentence.ts'
import { windowQuery, type WindowDetail } from './queries.ts'
import type { WindowVerb } from './WindowDialogs.tsx'
import { WindowState } from './WindowState.tsx'
import { t } from './words.ts'

const WindowDialogs = lazy(() => import('./WindowDialogs.tsx'))
const route = getRouteApi('/frame/windows/$windowId')
const tones = { open: 'amber', acknowledged: 'blue', closed: 'neutral' } as const

const WindowFacts = ({ window }: { window: WindowDetail }) => {
  const reader = useReader()
  const scope = scopeInWords(window.scope, reader)
  return (
    <Panel>
      <Facts>
        <Fact name={t('state')}>
          <WindowState {...window} />
          {window.state === 'lasting' && !window.suppresses ? <p className="dim">{t('fails-open')}</p> : null}
        </Fact>
        <Fact name={t('decision')}>
          <Link to="/decisions/$decisionId" params={{ decisionId: window.decision.id }} className="link">
            {window.decision.number}
          </Link>
        </Fact>
        <Fact name={t('environment')}>
          <Link
            to="/environments/$environment"
            params={{ environment: window.environment.slug }}
            className="link"
          >
            {window.environment.name}
          </Link>
        </Fact>
        <Fact name={t('scope')}>
          <span className="wrap">{scope.length === 0 ? t('everything') : scope.join(', ')}</span>
        </Fact>
        <Fact name={t('begins')}>
          <TimeText at={window.startsAt} show="exact" />
        </Fact>
        <Fact name={t('ends')}>
          <TimeText at={window.ended?.at ?? window.endsAt} show="exact" />
        </Fact>
        {window.announcedEndAt === (window.ended?.at ?? window.endsAt) ? null : (
          <Fact name={t('announced-end')}>
            <TimeText at={window.announcedEndAt} show="exact" />
          </Fact>
        )}
        <Fact name={t('planned-by')}>
          {window.plannedBy.name}, <TimeText at={window.plannedAt} />
        </Fact>
      </Facts>
    </Panel>
  )
}

const Suppressed = ({ window }: { window: WindowDetail }) => {
  const { suppressed, suppressedCount } = window
  const filled = suppressed.length > 0
  return (
    <Panel title={t('suppressed')} flush={filled}>
      {filled ? (
        <Rows label={t('suppressed')}>
          {suppressed.map((alert) => (
            <Row
              key={alert.id}
              link={{ to: '/alerts/$alertId', params: { alertId: alert.id } }}
              lead={<Priority level={alert.priority} />}
              title={alert.name}
              note={alert.summary}
              end={
                <>
                  <Badge tone={tones[alert.status]}>{statusWords(`status-${alert.status}`)}</Badge>{' '}
                  <TimeText at={alert.suppressedAt} still />
                </>
              }
              tall
            />
          ))}
        </Rows>
      ) : (
        <p className="dim">{t('suppressed-none')}</p>
      )}
      {suppressedCount > suppressed.length ? (
        <p className="dim">{t('suppressed-more', { count: suppressed.length })}</p>
      ) : null}
    </Panel>
  )
}

const Extensions = ({ window }: { window: WindowDetail }) => {
  const reader = useReader()
  return (
    <Panel title={t('extensions')}>
      <Timeline
        label={t('extensions')}
        moments={window.extensions.map(({ at, by, endsAt, reason }) => ({
          key: String(at),
          at,
          what: t('extended', { until: dayAndTime(endsAt, reader) }),
          by: by?.name,
          detail: reason,
        }))}
      />
    </Panel>
  )
}

const Loaded = ({ window }: { window: WindowDetail }) => {
  const [asking, setAsking] = useState<WindowVerb>()
  const { can, decision, environment } = window
  const verbs = [
    ...(can.extend ? [{ id: 'extend' as const, keys: 'x', label: t('extend') }] : []),
    ...(can.finish
      ? [
          {
            id: 'finish' as const,
            keys: 'f',
            label: t(window.state === 'planned' ? 'cancel' : 'finish'),
          },
        ]
      : []),
  ].map((verb) => ({ ...verb, run: () => setAsking(verb.id) }))
  useKeys(verbs)
  useCommands({ subject: t('title-one'), commands: verbs })
  return (
    <Page
      title={t('window-of', { number: decision.number, environment: environment.slug })}
      name={titleOf(decision.what) || decision.number}
      lead={<span className="number dim">{decision.number}</span>}
      crumbs={[
        {
          label: environment.slug,
          link: { to: '/environments/$environment', params: { environment: environment.slug } },
        },
      ]}
      actions={verbs.map((verb) => (
        <Button key={verb.id} keys={verb.keys} onClick={verb.run}>
          {verb.label}
        </Button>
      ))}
    >
      <Columns rail={<WindowFacts window={window} />}>
        <Suppressed window={window} />
        {window.extensions.length > 0 ? <Extensions window={window} /> : null}
      </Columns>
      <Suspense>
        {asking ? <WindowDialogs verb={asking} window={window} onClose={() => setAsking(undefined)} /> : null}
      </Suspense>
    </Page>
  )
}

export const WindowView = () => {
  const { windowId } = route.useParams()
  const { data, error, refetch } = useQuery(windowQuery(windowId))
  if (data) return <Loaded window={data} />
  return (
    <Page title={t('title-one')} name="…">
      <Columns>{error ? <ErrorNote error={error} onRetry={refetch} /> : <SkeletonLines lines={8} />}</Columns>
    </Page>
  )
}
