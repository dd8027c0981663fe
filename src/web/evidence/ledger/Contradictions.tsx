/** After a restore of something older: what was signed and is not here, and the ceremony that lets sequencing go on. */
import { lazy, Suspense, useState } from 'react'
import { Button } from '../../parts/Button.tsx'
import type { Ledger } from '../queries.ts'
import { t } from '../words.ts'
import styles from './Ledger.module.css'

const Recover = lazy(() => import('./Recover.tsx'))

export const Contradictions = ({ ledger }: { ledger: Ledger }) => {
  const [asking, setAsking] = useState(false)
  return (
    <section className={styles.contradictions}>
      <h2>{t('contradictions')}</h2>
      <p>{t('contradictions-text')}</p>
      <ul>
        {ledger.contradictions.map((one) => (
          <li key={`${one.log} ${one.size} ${one.root}`}>
            {t('contradiction', {
              log: one.environment?.slug ?? t('organisation-log'),
              size: one.size,
              source: t(`source-${one.source}`),
              held: one.held.size,
            })}{' '}
            <span className={styles.root}>{one.root}</span>
          </li>
        ))}
      </ul>
      {ledger.can.recover ? (
        <Button tone="danger" onClick={() => setAsking(true)}>
          {t('recover')}
        </Button>
      ) : null}
      <Suspense>{asking ? <Recover ledger={ledger} onClose={() => setAsking(false)} /> : null}</Suspense>
    </section>
  )
}
