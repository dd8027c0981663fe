/** What is open in one environment, and what was decided and done there last. */
import { useQuery } from '@tanstack/react-query'
import { Link, type LinkProps } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Settled } from '../../parts/Settled.tsx'
import { AlertStatus } from '../../operations/alerts/AlertStatus.tsx'
import { DecisionStatus, titleOf } from '../../operations/decision-log/DecisionStatus.tsx'
import { IncidentStatus, Severity } from '../../operations/incidents/IncidentStatus.tsx'
import { KindBadge } from '../../operations/operator-log/KindBadge.tsx'
import { Priority } from '../../parts/Badge.tsx'
import { Panel } from '../../parts/Page.tsx'
import { Row, Rows } from '../../parts/Rows.tsx'
import { TimeText } from '../../parts/TimeText.tsx'
import {
  alertsHereQuery,
  decisionsHereQuery,
  incidentsHereQuery,
  workHereQuery,
} from './happenings-queries.ts'
import { t } from './words.ts'

type Here = { readonly environment: string }
/** Without an environment: of all that the reader may see. */
type Anywhere = { readonly environment?: string }
type Answer = { readonly rows: readonly unknown[] }

const Happening = <T extends Answer>({
  title,
  nothing,
  all,
  query,
  children,
}: {
  title: string
  nothing: string
  all: LinkProps
  query: Parameters<typeof Settled<T>>[0]['query']
  children: (rows: T['rows']) => ReactNode
}) => {
  const filled = query.data !== undefined && query.data.rows.length > 0
  return (
    <Panel
      title={title}
      flush={filled}
      actions={
        <Link {...all} className="dim">
          {t('all')}
        </Link>
      }
    >
      <Settled<T> query={query}>
        {({ rows }) =>
          filled ? <Rows label={title}>{children(rows)}</Rows> : <p className="dim">{nothing}</p>
        }
      </Settled>
    </Panel>
  )
}

export const OpenAlertsHere = ({ environment }: Here) => {
  const query = useQuery(alertsHereQuery(environment))
  return (
    <Happening
      title={t('open-alerts')}
      nothing={t('no-alerts')}
      all={{ to: '/alerts', search: { environment } }}
      query={query}
    >
      {() =>
        query.data?.rows.map((alert) => (
          <Row
            key={alert.id}
            tall
            link={{ to: '/alerts/$alertId', params: { alertId: alert.id } }}
            lead={<Priority level={alert.priority} />}
            title={alert.name}
            note={alert.summary}
            end={
              <>
                <AlertStatus {...alert} />
                <TimeText at={alert.startsAt} still />
              </>
            }
          />
        ))
      }
    </Happening>
  )
}

export const OpenIncidentsHere = ({ environment }: Here) => {
  const query = useQuery(incidentsHereQuery(environment))
  return (
    <Happening
      title={t('open-incidents')}
      nothing={t('no-incidents')}
      all={{ to: '/incidents', search: { environment } }}
      query={query}
    >
      {() =>
        query.data?.rows.map((incident) => (
          <Row
            key={incident.id}
            tall
            link={{ to: '/incidents/$incidentId', params: { incidentId: incident.id } }}
            lead={<Severity level={incident.severity} />}
            title={incident.title}
            note={incident.number}
            end={
              <>
                <IncidentStatus {...incident} />
                <TimeText at={incident.openedAt} still />
              </>
            }
          />
        ))
      }
    </Happening>
  )
}

export const LastDecisions = ({ environment }: Anywhere) => {
  const query = useQuery(decisionsHereQuery(environment))
  return (
    <Happening
      title={t('last-decisions')}
      nothing={t('no-decisions')}
      all={{ to: '/decisions', search: { environment } }}
      query={query}
    >
      {() =>
        query.data?.rows.map((decision) => (
          <Row
            key={decision.id}
            tall
            link={{ to: '/decisions/$decisionId', params: { decisionId: decision.id } }}
            lead={<span className="number dim">{decision.number}</span>}
            title={titleOf(decision.what)}
            note={environment ? null : decision.environment.slug}
            end={
              <>
                <DecisionStatus decision={decision} />
                <TimeText at={decision.openedAt} still />
              </>
            }
          />
        ))
      }
    </Happening>
  )
}

export const LastWork = ({ environment }: Anywhere) => {
  const query = useQuery(workHereQuery(environment))
  return (
    <Happening
      title={environment ? t('last-work') : t('last-work-own')}
      nothing={environment ? t('no-work') : t('no-work-own')}
      all={{ to: '/operator-log', search: { environment } }}
      query={query}
    >
      {() =>
        query.data?.rows.map((entry) => (
          <Row
            key={entry.id}
            tall
            link={{ to: '/operator-log/$entryId', params: { entryId: entry.id } }}
            lead={<span className="number dim">{entry.number}</span>}
            title={entry.what}
            note={environment ? entry.author.name : entry.environment.slug}
            end={
              <>
                {entry.recording ? <KindBadge {...entry.recording} /> : null}
                <TimeText at={entry.at} still />
              </>
            }
          />
        ))
      }
    </Happening>
  )
}
