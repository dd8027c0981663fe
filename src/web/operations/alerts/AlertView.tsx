/** One alert: what its source says, who was paged, what was done. */
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { lazy, Suspense, useRef, useState, type ReactNode, type RefObject } from 'react'
import { Badge, Priority, Tag } from '../../parts/Badge.tsx'
import { Button, buttonLook } from '../../parts/Button.tsx'
import { ErrorNote } from '../../parts/ErrorNote.tsx'
import { Icon } from '../../parts/Icon.tsx'
import { useKeys } from '../../parts/keys.ts'
import { Columns, Fact, Facts, Page, Panel } from '../../parts/Page.tsx'
import { QuickAdd } from '../../parts/QuickAdd.tsx'
import { useReader } from '../../parts/reader.ts'
import { Row, Rows } from '../../parts/Rows.tsx'
import { SkeletonLines } from '../../parts/Skeleton.tsx'
import { Timeline } from '../../parts/Timeline.tsx'
import { TimeText } from '../../parts/TimeText.tsx'
import { api } from '../../shell/api.ts'
import { useCommands } from '../../shell/commands.ts'
import { useAcknowledgeAlert } from './acknowledge-alert.ts'
import { useAlertVerb } from './alert-verb.ts'
import { AlertStatus } from './AlertStatus.tsx'
import styles from './AlertView.module.css'
import { Attachments } from './Attachments.tsx'
import { IncidentsOfAlert } from './IncidentsOfAlert.tsx'
import { RuleOfAlert } from './RuleOfAlert.tsx'
import { useOpenIncident } from './open-incident.ts'
import { alertQuery, type AlertDetail } from './queries.ts'
import { happened, t } from './words.ts'

const dialogs = {
  close: lazy(() => import('./CloseAlert.tsx')),
  snooze: lazy(() => import('./verbs/SnoozeAlert.tsx')),
  escalate: lazy(() => import('./verbs/EscalateAlert.tsx')),
  assign: lazy(() => import('./verbs/AssignAlert.tsx')),
  tags: lazy(() => import('./verbs/TagAlert.tsx')),
  edit: lazy(() => import('./verbs/EditAlert.tsx')),
  merge: lazy(() => import('./MergeAlert.tsx')),
} as const
type Asking = keyof typeof dialogs
const route = getRouteApi('/frame/alerts/$alertId')

type VerbButton = {
  readonly id: string
  readonly keys: string
  readonly label: string
  readonly run: () => void
}

/** What stands beside the title, in the order in which it is wanted at night. */
const useMainVerbs = (alert: AlertDetail, ask: (asking: Asking) => void) => {
  const acknowledge = useAcknowledgeAlert()
  const openIncident = useOpenIncident()
  const verb = useAlertVerb()
  const { id: alertId, name, can } = alert
  const unacknowledge = (): void =>
    verb.mutate({
      send: () => api('POST /api/alerts/:alertId/unacknowledge', { alertId }),
      said: t('given-back', { name }),
    })
  const wake = (): void =>
    verb.mutate({
      send: () => api('DELETE /api/alerts/:alertId/snooze', { alertId }),
      said: t('woken', { name }),
    })
  const asleep = alert.snoozedUntil !== null
  const all: readonly (VerbButton & { readonly may: boolean })[] = [
    {
      id: 'acknowledge',
      keys: 'a',
      label: t('acknowledge'),
      run: () => acknowledge.mutate(alert),
      may: can.acknowledge,
    },
    { id: 'wake', keys: 'w', label: t('wake'), run: wake, may: can.snooze && asleep },
    { id: 'snooze', keys: 's', label: t('snooze'), run: () => ask('snooze'), may: can.snooze && !asleep },
    { id: 'escalate', keys: 'e', label: t('escalate'), run: () => ask('escalate'), may: can.escalate },
    {
      id: 'incident',
      keys: 'i',
      label: t('open-incident'),
      run: () => openIncident.mutate(alert),
      may: can.openIncident,
    },
    {
      id: 'unacknowledge',
      keys: 'u',
      label: t('unacknowledge'),
      run: unacknowledge,
      may: can.unacknowledge && !asleep,
    },
    { id: 'close', keys: 'c', label: t('close'), run: () => ask('close'), may: can.close },
  ]
  return {
    verbs: all.filter(({ may }) => may),
    busy: acknowledge.isPending || openIncident.isPending || verb.isPending,
  }
}

/** The verbs of one alert: buttons, keys and the command menu offer the same. */
const useVerbs = (alert: AlertDetail, ask: (asking: Asking) => void, note: () => void) => {
  const { verbs, busy } = useMainVerbs(alert, ask)
  const beside: readonly VerbButton[] = [
    ...(alert.can.change
      ? [
          { id: 'assign', keys: 'o', label: t('assign'), run: () => ask('assign') },
          { id: 'tags', keys: 't', label: t('change-tags'), run: () => ask('tags') },
          { id: 'edit', keys: 'd', label: t('edit'), run: () => ask('edit') },
        ]
      : []),
    ...(alert.can.openIncident
      ? [{ id: 'merge', keys: 'm', label: t('merge'), run: () => ask('merge') }]
      : []),
    ...(alert.can.note ? [{ id: 'note', keys: 'n', label: t('add-note'), run: note }] : []),
  ]
  const all = [...verbs, ...beside]
  useKeys(all)
  useCommands({ subject: alert.name, commands: all })
  return { verbs, busy }
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

/** A fact with the verb that changes it beside it. */
const Changeable = ({ children, verb }: { children: ReactNode; verb: ReactNode }) => (
  <span className={styles.changeable}>
    <span className="wrap">{children}</span>
    {verb}
  </span>
)

const WhoseAndWhat = ({ alert, ask }: { alert: AlertDetail; ask: (asking: Asking) => void }) => (
  <>
    <Fact name={t('owner')}>
      <Changeable
        verb={
          alert.can.change ? (
            <Button size="small" tone="quiet" onClick={() => ask('assign')}>
              {t('assign')}
            </Button>
          ) : null
        }
      >
        {alert.owner?.name ?? t('nobody')}
      </Changeable>
    </Fact>
    <Fact name={t('tags')}>
      <Changeable
        verb={
          alert.can.change ? (
            <Button size="small" tone="quiet" aria-label={t('change-tags')} onClick={() => ask('tags')}>
              {t('edit-tags')}
            </Button>
          ) : null
        }
      >
        <span className={styles.tags}>
          {alert.tags.length === 0 ? '–' : alert.tags.map((tag) => <Tag key={tag}>{tag}</Tag>)}
        </span>
      </Changeable>
    </Fact>
  </>
)

const AlertFacts = ({ alert, ask }: { alert: AlertDetail; ask: (asking: Asking) => void }) => (
  <Panel>
    <Facts>
      <Fact name={t('column-status')}>
        <AlertStatus {...alert} />
        {alert.acknowledgedBy ? <span className="dim"> {alert.acknowledgedBy.name}</span> : null}
      </Fact>
      {alert.suppression ? (
        <Fact name={t('suppressed-by')}>
          <Link to="/windows/$windowId" params={{ windowId: alert.suppression.windowId }} className="link">
            {t('suppressed-until', alert.suppression.decision)}
          </Link>{' '}
          <TimeText at={alert.suppression.until} show="exact" />
        </Fact>
      ) : null}
      <WhoseAndWhat alert={alert} ask={ask} />
      <Fact name={t('column-environment')}>
        <Link
          to="/environments/$environment"
          params={{ environment: alert.environment.slug }}
          className="link"
        >
          {alert.environment.name}
        </Link>
      </Fact>
      {alert.policies.length === 0 ? null : (
        <Fact name={t('by-policies')}>
          <span className="wrap">
            {alert.policies
              .map(({ name, did }) =>
                (t as (key: string, given: object) => string)(`policy-${did}`, { name }),
              )
              .join(', ')}
          </span>
        </Fact>
      )}
      {alert.sent === null ? null : (
        <Fact name={t('as-sent')}>
          <span className="wrap">
            {alert.sent.priority} {alert.sent.message}
          </span>
        </Fact>
      )}
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

/** Without the tags, which stand among the facts. */
const wordsBeside = ({ annotations }: AlertDetail): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(annotations).filter(([name]) => name !== 'tags'))

const Activity = ({
  alert,
  noteField,
}: {
  alert: AlertDetail
  noteField: RefObject<HTMLInputElement | null>
}) => {
  const reader = useReader()
  const verb = useAlertVerb()
  const note = (text: string): void =>
    verb.mutate({
      send: () => api('POST /api/alerts/:alertId/notes', { alertId: alert.id, note: text }),
      said: t('noted'),
    })
  return (
    <Panel
      title={t('activity')}
      actions={(['md', 'csv'] as const).map((format) => (
        <a
          key={format}
          href={`/api/alerts/${alert.id}/activity?format=${format}`}
          className={buttonLook('quiet', 'small')}
          download
        >
          {t(`activity-as-${format}`)}
        </a>
      ))}
    >
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
      {alert.can.note ? (
        <div className={styles.note}>
          <QuickAdd label={t('add-note')} keys="n" fieldRef={noteField} maxLength={25_000} onAdd={note} />
        </div>
      ) : null}
    </Panel>
  )
}

const Loaded = ({ alert }: { alert: AlertDetail }) => {
  const [asking, ask] = useState<Asking>()
  const noteField = useRef<HTMLInputElement>(null)
  const { verbs, busy } = useVerbs(alert, ask, () => noteField.current?.focus())
  const Asked = asking ? dialogs[asking] : undefined
  const words = wordsBeside(alert)
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
            <AlertFacts alert={alert} ask={ask} />
            <PagesOf alert={alert} />
            <Attachments alert={alert} />
            <IncidentsOfAlert alert={alert} onMerge={() => ask('merge')} />
          </>
        }
      >
        {alert.summary ? (
          <div className={styles.said}>
            <p className={styles.summary}>{alert.summary}</p>
            {alert.can.change ? (
              <Button size="small" tone="quiet" onClick={() => ask('edit')}>
                {t('edit')}
              </Button>
            ) : null}
          </div>
        ) : null}
        {Object.keys(words).length > 0 ? <Words words={words} label={t('annotations')} /> : null}
        <Words words={alert.labels} label={t('labels')} />
        {alert.rule ? <RuleOfAlert rule={alert.rule} /> : null}
        <Activity alert={alert} noteField={noteField} />
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
      <Suspense>{Asked ? <Asked alert={alert} onClose={() => ask(undefined)} /> : null}</Suspense>
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
