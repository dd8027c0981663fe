/** By what right shells were opened, as one bar and in words; what escaped the rule is said aloud. */
import { Badge } from '../../parts/Badge.tsx'
import type { Shares } from './queries.ts'
import styles from './SharesNote.module.css'
import { t } from './words.ts'

export const SharesNote = ({ shares }: { shares: Shares }) => {
  if (shares.total === 0) return null
  const parts = [
    { key: 'look', count: shares.look, label: t('share-look') },
    { key: 'decided', count: shares.decided, label: t('share-decided') },
    { key: 'glass', count: shares.breakGlass, label: t('share-break-glass') },
  ]
  return (
    <section className={styles.shares} aria-label={t('share-title')}>
      <div className={styles.bar} aria-hidden="true">
        {parts.map(({ key, count }) => (
          <span key={key} className={styles[key]} style={{ flexGrow: count }} />
        ))}
      </div>
      <ul className={styles.legend}>
        {parts.map(({ key, count, label }) => (
          <li key={key}>
            <span className={styles[key]} aria-hidden="true" />
            <strong>{count}</strong> {label}{' '}
            <span className="dim">({Math.round((count / shares.total) * 100)} %)</span>
          </li>
        ))}
        {shares.changesWithoutDecision > 0 ? (
          <li>
            <Badge tone="red">{t('share-without', { count: shares.changesWithoutDecision })}</Badge>
          </li>
        ) : null}
        {shares.undeclared > 0 ? (
          <li>
            <Badge tone="amber">{t('share-undeclared', { count: shares.undeclared })}</Badge>
          </li>
        ) : null}
      </ul>
    </section>
  )
}
