/** Facts: what fires, what changed here last, what somebody saw, and who else is awake. */
import type { Ref } from 'react'
import { Badge, Priority } from '../../parts/Badge.tsx'
import { Icon } from '../../parts/Icon.tsx'
import { Panel } from '../../parts/Page.tsx'
import { QuickAdd } from '../../parts/QuickAdd.tsx'
import { TimeText } from '../../parts/TimeText.tsx'
import { Link } from '@tanstack/react-router'
import styles from './Cockpit.module.css'
import type { SendCommand } from './incident-command.ts'
import { Heading } from './Heading.tsx'
import type { Incident } from './queries.ts'
import { t } from './words.ts'

const Alerts = ({ alerts }: Pick<Incident, 'alerts'>) => (
  <ul className={styles.facts}>
    {alerts.map((alert) => (
      <li key={alert.id}>
        <Priority level={alert.priority} />
        <span className={styles.fact}>
          <Link to="/alerts/$alertId" params={{ alertId: alert.id }} className="link">
            {alert.name}
          </Link>{' '}
          <span className="dim">{alert.summary}</span>
        </span>
        {alert.status === 'closed' ? (
          <Badge tone="green">{t('status-resolved')}</Badge>
        ) : (
          <TimeText at={alert.startsAt} />
        )}
      </li>
    ))}
  </ul>
)

const Pins = ({ pins }: Pick<Incident, 'pins'>) => (
  <ul className={styles.facts}>
    {pins.map((pin) => (
      <li key={pin.id}>
        <span className={styles.pin}>
          <Icon name="check" size={12} />
        </span>
        <span className={styles.fact}>{pin.text}</span>
        <TimeText at={pin.observedAt} />
      </li>
    ))}
  </ul>
)

export const Observe = ({
  incident,
  send,
  fieldRef,
}: {
  incident: Incident
  send: SendCommand
  fieldRef: Ref<HTMLInputElement>
}) => {
  const { alerts, pins, observe } = incident
  return (
    <Panel title={<Heading phase="observe" incident={incident} />}>
      <div className={styles.stack}>
        {incident.can.change ? (
          <QuickAdd
            label={t('observe-add')}
            keys="o"
            fieldRef={fieldRef}
            onAdd={(text) => send({ kind: 'pin', about: /^https?:\/\//.test(text) ? 'link' : 'note', text })}
          />
        ) : null}
        {pins.length > 0 ? <Pins pins={pins} /> : null}
        {alerts.length > 0 ? (
          <section>
            <h3 className={styles.sub}>{t('observe-alerts')}</h3>
            <Alerts alerts={alerts} />
          </section>
        ) : null}
        <section>
          <h3 className={styles.sub}>{t('observe-changes')}</h3>
          {observe.lastChanges.length === 0 ? (
            <p className="dim">{t('observe-no-changes')}</p>
          ) : (
            <ul className={styles.facts}>
              {observe.lastChanges.map((change) => (
                <li key={`${change.at} ${change.what}`}>
                  <span className={styles.fact}>
                    {change.what} <span className="dim">· {change.by}</span>
                  </span>
                  <TimeText at={change.at} />
                </li>
              ))}
            </ul>
          )}
        </section>
        <section>
          <h3 className={styles.sub}>{t('observe-awake')}</h3>
          <p className="dim">
            {observe.awake.length === 0
              ? t('observe-nobody-awake')
              : observe.awake.map(({ name }) => name).join(', ')}
          </p>
        </section>
      </div>
    </Panel>
  )
}
