/** Beside the four phases: what customers notice, who works on it, where it is tracked outside. */
import { Badge } from '../../parts/Badge.tsx'
import { Button } from '../../parts/Button.tsx'
import { Fact, Facts, Panel } from '../../parts/Page.tsx'
import { TimeText } from '../../parts/TimeText.tsx'
import { useMe } from '../../shell/session.ts'
import { Initials } from '../../shell/SelfRow.tsx'
import styles from './Cockpit.module.css'
import type { SendCommand } from './incident-command.ts'
import type { IncidentQuestion } from './IncidentDialogs.tsx'
import type { Incident } from './queries.ts'
import { t } from './words.ts'

type Props = {
  readonly incident: Incident
  readonly send: SendCommand
  readonly ask: (question: IncidentQuestion) => void
}

const Impact = ({ incident, ask }: Props) => (
  <Panel
    title={t('impact')}
    actions={
      incident.can.change ? (
        <Button size="small" tone="quiet" keys="i" onClick={() => ask('impact')}>
          {t('impact-state')}
        </Button>
      ) : null
    }
  >
    <div className={styles.stack}>
      {incident.impact ? (
        <p className="wrap">{incident.impact}</p>
      ) : (
        <Badge tone="amber">{t('impact-missing')}</Badge>
      )}
      <Facts>
        <Fact name={t('impact-since')}>
          <TimeText at={incident.impactStartedAt} show="exact" />
        </Fact>
        {incident.impactEndedAt === null ? null : (
          <Fact name={t('impact-ended')}>
            <TimeText at={incident.impactEndedAt} show="exact" />
          </Fact>
        )}
      </Facts>
    </div>
  </Panel>
)

const People = ({ incident, send, ask }: Props) => {
  const me = useMe()
  const here = incident.participants.filter(({ leftAt }) => leftAt === null)
  const inIt = here.some(({ id }) => id === me.account.id)
  return (
    <Panel
      title={t('people')}
      actions={
        incident.can.change ? (
          <Button size="small" tone="quiet" onClick={() => send({ kind: inIt ? 'leave' : 'join' })}>
            {inIt ? t('leave') : t('join')}
          </Button>
        ) : null
      }
    >
      <div className={styles.stack}>
        <ul className={styles.people}>
          {here.map((person) => (
            <li key={person.id}>
              <Initials name={person.name} />
              {person.name}
            </li>
          ))}
        </ul>
        {incident.escalations.map((escalation) => (
          <p key={`${escalation.at} ${escalation.to}`} className="dim wrap">
            {t('help-asked', escalation)} <TimeText at={escalation.at} />
          </p>
        ))}
        {incident.can.change ? (
          <div className={styles.buttons}>
            <Button size="small" keys="h" onClick={() => ask('help')}>
              {t('help')}
            </Button>
          </div>
        ) : null}
      </div>
    </Panel>
  )
}

const Ticket = ({ incident, ask }: Props) => (
  <Panel
    title={t('ticket')}
    actions={
      incident.can.change ? (
        <Button size="small" tone="quiet" keys="t" onClick={() => ask('ticket')}>
          {t('ticket-link')}
        </Button>
      ) : null
    }
  >
    {incident.outsideTicket ? (
      incident.outsideTicket.url && /^https?:\/\//.test(incident.outsideTicket.url) ? (
        <a className="link wrap" href={incident.outsideTicket.url} target="_blank" rel="noreferrer noopener">
          {incident.outsideTicket.text}
        </a>
      ) : (
        <span className="wrap">{incident.outsideTicket.text}</span>
      )
    ) : (
      <p className="dim">{t('ticket-none')}</p>
    )}
  </Panel>
)

export const IncidentRail = (props: Props) => (
  <>
    <Impact {...props} />
    <People {...props} />
    <Ticket {...props} />
  </>
)
