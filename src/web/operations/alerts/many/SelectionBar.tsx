/** What can be done to the chosen alerts, always in sight while some are chosen; how far it has come while the server goes on. */
import { Button } from '../../../parts/Button.tsx'
import type { Reply } from '../../../shell/api.ts'
import { t } from '../words.ts'
import styles from './Many.module.css'
import type { Asking } from './ManyDialog.tsx'

const verbs = [
  { kind: 'snooze', keys: 's' },
  { kind: 'assign', keys: 'o' },
  { kind: 'tag', keys: 't' },
  { kind: 'close', keys: 'c' },
] as const

const Progress = ({ of }: { of: Reply<'POST /api/alerts/bulk'> }) => (
  <p className={styles.progress}>
    <progress
      value={of.changed + of.passedOver}
      max={Math.max(1, of.matched)}
      aria-label={t('many-progress')}
    />
    <span aria-live="polite">
      {t('many-so-far', { done: of.changed + of.passedOver, matched: of.matched })}
    </span>
  </p>
)

export const SelectionBar = ({
  words,
  allOf,
  progress,
  busy,
  onAll,
  onAcknowledge,
  onAsk,
  onClear,
}: {
  /** How many are chosen. */
  words: string
  /** How many the question finds, when there are more than are chosen. */
  allOf: string | undefined
  progress: Reply<'POST /api/alerts/bulk'> | undefined
  busy: boolean
  onAll: () => void
  onAcknowledge: () => void
  onAsk: (kind: Asking) => void
  onClear: () => void
}) => (
  <section className={styles.bar} aria-label={t('many-bar')}>
    {progress ? (
      <Progress of={progress} />
    ) : (
      <>
        <p aria-live="polite" className={styles.count}>
          {words}
        </p>
        {allOf === undefined ? null : (
          <Button size="small" tone="quiet" onClick={onAll}>
            {t('choose-all', { count: allOf })}
          </Button>
        )}
        <span className={styles.verbs}>
          <Button size="small" tone="primary" keys="a" busy={busy} onClick={onAcknowledge}>
            {t('acknowledge')}
          </Button>
          {verbs.map(({ kind, keys }) => (
            <Button key={kind} size="small" keys={keys} disabled={busy} onClick={() => onAsk(kind)}>
              {t(kind === 'tag' ? 'tags' : kind)}
            </Button>
          ))}
          <Button size="small" tone="quiet" keys="escape" onClick={onClear}>
            {t('choose-none')}
          </Button>
        </span>
      </>
    )}
  </section>
)
