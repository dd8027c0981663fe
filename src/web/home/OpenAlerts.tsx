/** The newest alerts that are not closed. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { AlertStatus } from '../operations/alerts/AlertStatus.tsx'
import { openAlertsQuery } from '../operations/alerts/queries.ts'
import { Priority } from '../parts/Badge.tsx'
import { Panel } from '../parts/Page.tsx'
import { Row, Rows } from '../parts/Rows.tsx'
import { TimeText } from '../parts/TimeText.tsx'
import { Settled } from '../parts/Settled.tsx'
import { t } from './words.ts'

export const OpenAlerts = () => {
  const query = useQuery(openAlertsQuery)
  const rows = query.data?.rows
  const filled = rows !== undefined && rows.length > 0
  return (
    <Panel
      title={t('alerts')}
      flush={filled}
      actions={
        <Link to="/alerts" className="dim">
          {t('all-alerts')}
        </Link>
      }
    >
      <Settled query={query} lines={5}>
        {() =>
          filled ? (
            <Rows label={t('alerts')}>
              {rows.map((alert) => (
                <Row
                  key={alert.id}
                  link={{ to: '/alerts/$alertId', params: { alertId: alert.id } }}
                  lead={<Priority level={alert.priority} />}
                  title={alert.name}
                  tall
                  note={[alert.environment.slug, alert.summary].filter(Boolean).join(' · ')}
                  end={
                    <>
                      <AlertStatus {...alert} />
                      <TimeText at={alert.startsAt} still />
                    </>
                  }
                />
              ))}
            </Rows>
          ) : (
            <p className="dim">{t('no-alerts')}</p>
          )
        }
      </Settled>
    </Panel>
  )
}
