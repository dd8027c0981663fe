/** Where the incident is in its round, how long it has lasted, and the times that nobody had to type. */
import { duration } from '../../messages/format.ts'
import { classes } from '../../parts/classes.ts'
import { useNow } from '../../parts/reader.ts'
import { IncidentStatus, Severity } from './IncidentStatus.tsx'
import styles from './PhaseBar.module.css'
import type { Incident } from './queries.ts'
import { t } from './words.ts'

const phases = ['observe', 'orient', 'decide', 'act'] as const
const timings = [
  'detectedMs',
  'pagedMs',
  'acknowledgedMs',
  'firstDecisionMs',
  'firstActMs',
  'mitigatedMs',
  'resolvedMs',
] as const

export const PhaseBar = ({ incident }: { incident: Incident }) => {
  const now = useNow()
  return (
    <div className={styles.strip}>
      <div className={styles.now}>
        <Severity level={incident.severity} />
        <IncidentStatus {...incident} />
        {incident.resolvedAt === null ? (
          <span className={styles.clock}>
            {t('open-for', { length: duration(Math.max(60_000, now - incident.openedAt)) })}
          </span>
        ) : null}
        {incident.status === 'resolved' ? null : (
          <ol className={styles.phases} aria-label={t('round', { loop: incident.loop })}>
            {phases.map((phase) => (
              <li
                key={phase}
                className={styles.phase}
                data-here={phase === incident.phase || undefined}
                aria-current={phase === incident.phase ? 'step' : undefined}
              >
                {t(`phase-${phase}`)}
              </li>
            ))}
            <li className={styles.round}>{t('round', { loop: incident.loop })}</li>
          </ol>
        )}
      </div>
      <dl className={styles.timings} aria-label={t('timings')}>
        {timings.map((name) => {
          const ms = incident.timings[name]
          return (
            <div key={name} className={classes(ms === null && styles.notYet)}>
              <dt>{t(`timing-${name}`)}</dt>
              <dd>{ms === null ? '–' : `+${duration(Math.max(0, ms))}`}</dd>
            </div>
          )
        })}
      </dl>
    </div>
  )
}
