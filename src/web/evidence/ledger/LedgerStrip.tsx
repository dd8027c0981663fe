/** Whether the ledger is being written, how far behind it is, and where its keys are. */
import { duration } from '../../messages/format.ts'
import { Badge, type Tone } from '../../parts/Badge.tsx'
import type { Ledger } from '../queries.ts'
import { t } from '../words.ts'
import styles from './Ledger.module.css'

const tones: Readonly<Record<Ledger['sequencer']['state'], Tone>> = {
  'at-work': 'green',
  absent: 'amber',
  stopped: 'red',
}

export const LedgerStrip = ({ ledger }: { ledger: Ledger }) => (
  <dl className={styles.strip}>
    <div>
      <dt>{t('sequencer')}</dt>
      <dd>
        <Badge tone={tones[ledger.sequencer.state]}>{t(`sequencer-${ledger.sequencer.state}`)}</Badge>
      </dd>
    </div>
    <div>
      <dt>{t('waiting')}</dt>
      <dd>
        {ledger.pending === 0
          ? t('waiting-none')
          : t('waiting-some', { count: ledger.pending, length: duration(ledger.delayMs) })}
      </dd>
    </div>
    <div>
      <dt>{t('public-keys')}</dt>
      <dd>
        <a href={ledger.keysUrl} className="link">
          keys.txt
        </a>
      </dd>
    </div>
  </dl>
)
