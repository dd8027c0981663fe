/** The name of a phase, marked while the incident is in it. */
import styles from './Cockpit.module.css'
import type { Incident } from './queries.ts'
import { t } from './words.ts'

export const Heading = ({ phase, incident }: { phase: Incident['phase']; incident: Incident }) => (
  <span
    className={styles.heading}
    data-here={(incident.phase === phase && incident.status !== 'resolved') || undefined}
  >
    {t(`phase-${phase}`)}
    <span className={styles.what}>{t(`${phase}-what`)}</span>
  </span>
)
