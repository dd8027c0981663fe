/** Incidents that are being worked. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Severity } from '../operations/incidents/IncidentStatus.tsx'
import { openIncidentsQuery } from '../operations/incidents/queries.ts'
import { Panel } from '../parts/Page.tsx'
import { Row, Rows } from '../parts/Rows.tsx'
import { TimeText } from '../parts/TimeText.tsx'
import { Settled } from '../parts/Settled.tsx'
import { t } from './words.ts'

export const OpenIncidents = () => {
  const query = useQuery(openIncidentsQuery)
  const rows = query.data?.rows
  const filled = rows !== undefined && rows.length > 0
  return (
    <Panel
      title={t('incidents')}
      flush={filled}
      actions={
        <Link to="/incidents" className="dim">
          {t('all-incidents')}
        </Link>
      }
    >
      <Settled query={query}>
        {() =>
          filled ? (
            <Rows label={t('incidents')}>
              {rows.map((incident) => (
                <Row
                  key={incident.id}
                  link={{ to: '/incidents/$incidentId', params: { incidentId: incident.id } }}
                  stacked
                  lead={<Severity level={incident.severity} />}
                  title={incident.title}
                  note={
                    <>
                      {incident.environment.slug} · <TimeText at={incident.openedAt} still />
                    </>
                  }
                />
              ))}
            </Rows>
          ) : (
            <p className="dim">{t('no-incidents')}</p>
          )
        }
      </Settled>
    </Panel>
  )
}
