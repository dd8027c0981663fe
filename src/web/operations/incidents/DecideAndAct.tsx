/** Decide before anything is changed; act in a recorded shell; then say whether it helped. */
import { Link } from '@tanstack/react-router'
import { Badge } from '../../parts/Badge.tsx'
import { Button } from '../../parts/Button.tsx'
import { Command } from '../../parts/EmptyState.tsx'
import { Panel } from '../../parts/Page.tsx'
import { TimeText } from '../../parts/TimeText.tsx'
import { titleOf } from '../decision-log/DecisionStatus.tsx'
import styles from './Cockpit.module.css'
import { Heading } from './Heading.tsx'
import type { SendCommand } from './incident-command.ts'
import type { Incident } from './queries.ts'
import { t } from './words.ts'

type Decision = Incident['decisions'][number]

/** The newest decision that a change may be made under. */
export const coveringDecision = ({ decisions }: Incident): Decision | undefined =>
  decisions.findLast(({ status }) => status === 'decided' || status === 'break-glass-owed')

export const recordCommand = (incident: Incident): string => {
  const decision = coveringDecision(incident)
  const right = decision ? `--decision ${decision.number}` : '--look'
  return `fortnight record --environment ${incident.environment.slug} ${right} --incident ${incident.number}`
}

export const Decide = ({
  incident,
  record,
  breakGlass,
}: {
  incident: Incident
  record: () => void
  breakGlass: () => void
}) => (
  <Panel title={<Heading phase="decide" incident={incident} />}>
    <div className={styles.stack}>
      {incident.decisions.length === 0 ? <p className="dim">{t('decide-empty')}</p> : null}
      <ul className={styles.facts}>
        {incident.decisions.map((decision) => (
          <li key={decision.id}>
            <span className="number dim">{decision.number}</span>
            <span className={styles.fact}>
              <Link to="/decisions/$decisionId" params={{ decisionId: decision.id }} className="link">
                {titleOf(decision.what) || decision.number}
              </Link>
            </span>
            <Badge
              tone={
                decision.status === 'decided'
                  ? 'green'
                  : decision.status === 'break-glass-owed'
                    ? 'amber'
                    : 'neutral'
              }
            >
              {decision.status}
            </Badge>
          </li>
        ))}
      </ul>
      {incident.can.change ? (
        <div className={styles.buttons}>
          <Button icon="plus" keys="d" onClick={record}>
            {t('decide-add')}
          </Button>
          <Button tone="quiet" onClick={breakGlass}>
            {t('decide-glass')}
          </Button>
        </div>
      ) : null}
    </div>
  </Panel>
)

const helped = ['yes', 'partly', 'no'] as const

export const Act = ({ incident, send }: { incident: Incident; send: SendCommand }) => {
  const decision = coveringDecision(incident)
  return (
    <Panel title={<Heading phase="act" incident={incident} />}>
      <div className={styles.stack}>
        {incident.can.change ? (
          <div>
            <p className={styles.sub}>
              {decision ? t('act-change', { number: decision.number }) : t('act-look')}
            </p>
            <Command text={recordCommand(incident)} />
          </div>
        ) : null}
        {incident.sessions.length === 0 ? <p className="dim">{t('act-empty')}</p> : null}
        <ul className={styles.facts}>
          {incident.sessions.map((session) => (
            <li key={session.id}>
              <span className={styles.fact}>
                <Link
                  to="/operator-log/recordings/$recordingId"
                  params={{ recordingId: session.id }}
                  className="link"
                >
                  {t('session-by', { operator: session.operator, kind: session.kind })}
                </Link>
              </span>
              {session.state === 'open' ? <Badge tone="blue">{session.state}</Badge> : null}
              <TimeText at={session.startedAt} />
            </li>
          ))}
        </ul>
        {incident.can.judgeAct ? (
          <fieldset className={styles.helped} aria-label={t('act-helped')}>
            <span>{t('act-helped')}</span>
            {helped.map((answer) => (
              <Button key={answer} size="small" onClick={() => send({ kind: 'judge-act', helped: answer })}>
                {t(`helped-${answer}`)}
              </Button>
            ))}
          </fieldset>
        ) : null}
      </div>
    </Panel>
  )
}
