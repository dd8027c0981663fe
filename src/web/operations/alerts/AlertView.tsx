/** One alert: what its source says, who was paged, what was done. */
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { Badge, Priority, Tag } from '../../parts/Badge.tsx'
import { Button } from '../../parts/Button.tsx'
import { ErrorNote } from '../../parts/ErrorNote.tsx'
import { Icon } from '../../parts/Icon.tsx'
import { useKeys } from '../../parts/keys.ts'
import { Columns, Fact, Facts, Page, Panel } from '../../parts/Page.tsx'
import { useReader } from '../../parts/reader.ts'
import { Row, Rows } from '../../parts/Rows.tsx'
import { SkeletonLines } from '../../parts/Skeleton.tsx'
import { Timeline } from '../../parts/Timeline.tsx'
import { TimeText } from '../../parts/TimeText.tsx'
import { useCommands } from '../../shell/commands.ts'
import { useAcknowledgeAlert } from './acknowledge-alert.ts'
import { AlertStatus } from './AlertStatus.tsx'
import styles from './AlertView.module.css'
import { useOpenIncident } from './open-incident.ts'
import { alertQuery, type AlertDetail } from './queries.ts'
import { happened, t } from './words.ts'

const CloseAlert = lazy(() => import('./CloseAlert.tsx'))
const route = getRouteApi('/frame/alerts/$alertId')

/** The verbs of one alert: buttons, keys and the command menu offer the same. */
const useVerbs = (alert: AlertDetail, close: () => void) => {
  const acknowledge = useAcknowledgeAlert()
  const openIncident = useOpenIncident()
  const verbs = [
    ...(alert.can.acknowledge
      ? [{ id: 'acknowledge', keys: 'a', label: t('acknowledge'), run: () => acknowledge.mutate(alert) }]
      : []),
    ...(alert.can.openIncident
      ? [{ id: 'incident', keys: 'i', label: t('open-incident'), run: () => openIncident.mutate(alert) }]
      : []),
    ...(alert.can.close ? [{ id: 'close', keys: 'x', label: t('close'), run: close }] : []),
  ]
  useKeys(verbs)
  useCommands({ subject: alert.name, commands: verbs })
  return { verbs, busy: acknowledge.isPending || openIncident.isPending }
}

const safeLink = (url: string | null | undefined): string | undefined =>
  url && /^https?:\/\//.test(url) ? url : undefined

const OutsideLink = ({ url, label }: { url: string | null; label: string }) =>
  safeLink(url) ? (
    <a href={safeLink(url)} className="link" target="_blank" rel="noreferrer noopener">
      {label} <Icon name="external" size={12} />
    </a>
  ) : (
    <span className="wrap">{url}</span>
  )

const Words = ({ words, label }: { words: Readonly<Record<string, string>>; label: string }) => (
  <Panel title={label}>
    <dl className={styles.words}>
      {Object.entries(words).map(([name, value]) => (
        <div key={name}>
          <dt className="mono">{name}</dt>
          <dd className="wrap">{safeLink(value) ? <OutsideLink url={value} label={value} /> : value}</dd>
        </div>
      ))}
    </dl>
  </Panel>
)

const PagesOf = ({ alert }: { alert: AlertDetail }) => (
  <Panel title={t('pages')} flush={alert.pages.length > 0}>
    {alert.pages.length === 0 ? (
      <p className="dim">{t('no-pages')}</p>
    ) : (
      <Rows>
        {alert.pages.map((page) => (
          <Row
            key={page.id}
            href={`/pages/${page.id}`}
            title={
              <Badge
                tone={page.status === 'open' ? 'red' : page.status === 'acknowledged' ? 'blue' : 'green'}
              >
                {t(`page-status-${page.status}`)}
              </Badge>
            }
            end={<TimeText at={page.requestedAt} still />}
          />
        ))}
      </Rows>
    )}
  </Panel>
)

const IncidentsOf = ({ alert }: { alert: AlertDetail }) => (
  <Panel title={t('incidents')} flush={alert.incidents.length > 0}>
    {alert.incidents.length === 0 ? (
      <p className="dim">{t('no-incidents')}</p>
    ) : (
      <Rows>
        {alert.incidents.map((incident) => (
          <Row
            key={incident.id}
            link={{ to: '/incidents/$incidentId', params: { incidentId: incident.id } }}
            title={incident.number}
            note={incident.title}
          />
        ))}
      </Rows>
    )}
  </Panel>
)

const AlertFacts = ({ alert }: { alert: AlertDetail }) => (
  <Panel>
    <Facts>
      <Fact name={t('column-status')}>
        <AlertStatus {...alert} />
      </Fact>
      <Fact name={t('column-environment')}>
        <Link
          to="/environments/$environment"
          params={{ environment: alert.environment.slug }}
          className="link"
        >
          {alert.environment.name}
        </Link>
      </Fact>
      <Fact name={t('firing-since')}>
        <TimeText at={alert.startsAt} />
      </Fact>
      <Fact name={t('received')}>
        <TimeText at={alert.openedAt} />
      </Fact>
      <Fact name={t('last-seen')}>
        <TimeText at={alert.lastSeenAt} />
      </Fact>
      <Fact name={t('times')}>{alert.count}</Fact>
      <Fact name={t('severity')}>{alert.severity ? <Tag>{alert.severity}</Tag> : '–'}</Fact>
      {alert.runbookUrl === null ? null : (
        <Fact name={t('runbook')}>
          <OutsideLink url={alert.runbookUrl} label={t('runbook')} />
        </Fact>
      )}
      {alert.generatorUrl === null ? null : (
        <Fact name={t('source')}>
          <OutsideLink url={alert.generatorUrl} label={t('source-link')} />
        </Fact>
      )}
      <Fact name={t('fingerprint')}>
        <span className="mono wrap">{alert.fingerprint}</span>
      </Fact>
    </Facts>
  </Panel>
)

const Loaded = ({ alert }: { alert: AlertDetail }) => {
  const [closing, setClosing] = useState(false)
  const reader = useReader()
  const { verbs, busy } = useVerbs(alert, () => setClosing(true))
  return (
    <Page
      title={alert.name}
      crumbs={[{ label: t('title'), link: { to: '/alerts' } }]}
      lead={<Priority level={alert.priority} />}
      actions={verbs.map((verb, position) => (
        <Button
          key={verb.id}
          tone={position === 0 ? 'primary' : 'plain'}
          keys={verb.keys}
          busy={busy}
          onClick={verb.run}
        >
          {verb.label}
        </Button>
      ))}
    >
      <Columns
        rail={
          <>
            <AlertFacts alert={alert} />
            <PagesOf alert={alert} />
            <IncidentsOf alert={alert} />
          </>
        }
      >
        {alert.summary ? <p className={styles.summary}>{alert.summary}</p> : null}
        {Object.keys(alert.annotations).length > 0 ? (
          <Words words={alert.annotations} label={t('annotations')} />
        ) : null}
        <Words words={alert.labels} label={t('labels')} />
        <Panel title={t('activity')}>
          <Timeline
            label={t('activity')}
            moments={alert.activity.map((act, position) => ({
              key: `${act.at} ${position}`,
              at: act.at,
              what: happened(act, reader),
              by: act.by?.name,
              detail: act.detail,
            }))}
          />
        </Panel>
        {alert.leniencies.length > 0 ? (
          <Panel title={t('leniencies')}>
            <ul className={styles.bent}>
              {alert.leniencies.map((leniency) => (
                <li key={leniency}>{leniency}</li>
              ))}
            </ul>
          </Panel>
        ) : null}
      </Columns>
      <Suspense>{closing ? <CloseAlert alert={alert} onClose={() => setClosing(false)} /> : null}</Suspense>
    </Page>
  )
}

export const AlertView = () => {
  const { alertId } = route.useParams()
  const { data, error, refetch } = useQuery(alertQuery(alertId))
  if (data) return <Loaded alert={data} />
  return (
    <Page title={t('title')} crumbs={[{ label: t('title'), link: { to: '/alerts' } }]} name="…">
      <Columns>{error ? <ErrorNote error={error} onRetry={refetch} /> : <SkeletonLines lines={6} />}</Columns>
    </Page>
  )
}
