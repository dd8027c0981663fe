/** Those of a rota whom no page reached in a week, in red. */
import { useQuery } from '@tanstack/react-query'
import { Panel } from '../../../parts/Page.tsx'
import { readinessQuery } from '../readiness/queries.ts'
import styles from './Drills.module.css'
import { UnprovenRows } from './Unproven.tsx'
import { t } from './words.ts'

/** @param people account ids; nothing is shown while everybody was reached */
export const UnprovenPeople = ({ people }: { people: readonly string[] }) => {
  const rows = useQuery(readinessQuery).data?.rows ?? []
  const lines = rows.flatMap(({ person, proven, provenAt }) =>
    proven || !people.includes(person.id) ? [] : [{ ...person, at: provenAt }],
  )
  if (lines.length === 0) return null
  return (
    <Panel title={t('unproven')} flush>
      <p className={styles.text}>{t('unproven-people-text')}</p>
      <UnprovenRows lines={lines} />
    </Panel>
  )
}
