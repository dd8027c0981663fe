/** The incidents that an alert is in; it can be put into another, and taken out of one. */
import { useMutation } from '@tanstack/react-query'
import { Button } from '../../parts/Button.tsx'
import { Panel } from '../../parts/Page.tsx'
import { Row, Rows } from '../../parts/Rows.tsx'
import { toast, toastFailure } from '../../parts/Toast.tsx'
import { api } from '../../shell/api.ts'
import { queryClient } from '../../shell/query-client.ts'
import type { AlertDetail } from './queries.ts'
import { t } from './words.ts'

type Incident = AlertDetail['incidents'][number]

const refresh = (): void => {
  void queryClient.invalidateQueries({ queryKey: ['alerts'] })
  void queryClient.invalidateQueries({ queryKey: ['incidents'] })
}
const command = (kind: 'add-alerts' | 'remove-alerts', incidentId: string, alertId: string) =>
  api('POST /api/incidents/:incidentId/commands', { incidentId, kind, alertIds: [alertId] })

const useTakeOut = ({ id: alertId, name }: AlertDetail) =>
  useMutation({
    mutationFn: ({ id }: Incident) => command('remove-alerts', id, alertId),
    onSuccess: (_, { id, number }) => {
      refresh()
      toast({
        text: t('taken-out', { name, number }),
        undo: () => void command('add-alerts', id, alertId).catch(toastFailure).finally(refresh),
      })
    },
    onError: toastFailure,
  })

export const IncidentsOfAlert = ({ alert, onMerge }: { alert: AlertDetail; onMerge: () => void }) => {
  const takeOut = useTakeOut(alert)
  const mayChange = alert.can.openIncident
  return (
    <Panel
      title={t('incidents')}
      flush={alert.incidents.length > 0}
      actions={
        mayChange ? (
          <Button size="small" tone="quiet" keys="m" onClick={onMerge}>
            {t('merge')}
          </Button>
        ) : null
      }
    >
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
              end={
                mayChange ? (
                  <Button
                    size="small"
                    tone="quiet"
                    busy={takeOut.isPending}
                    onClick={() => takeOut.mutate(incident)}
                  >
                    {t('take-out')}
                  </Button>
                ) : null
              }
            />
          ))}
        </Rows>
      )}
    </Panel>
  )
}
