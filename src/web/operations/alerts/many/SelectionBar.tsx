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
  withKeys = true,
  clear = t('choose-none'),
  onAll,
  onAcknowledge,
  onAsk,
  onMerge,
  onClear,
}: {
  /** How many are chosen. */
  words: string
  /** How many the question finds, when there are more than are chosen. */
  allOf: string | undefined
  progress: Reply<'POST /api/alerts/bulk'> | undefined
  busy: boolean
  /** Whether the keys mean what the bar says. */
  withKeys?: boolean
  /** What ends it. */
  clear?: string
  onAll: () => void
  onAcknowledge: () => void
  onAsk: (kind: Asking) => void
  /** Where it is known which alerts they are, one by one. */
  onMerge?: (() => void) | undefined
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
          <Button
            size="small"
            tone="primary"
            {...(withKeys ? { keys: 'a' } : {})}
            busy={busy}
            onClick={onAcknowledge}
          >
            {t('acknowledge')}
          </Button>
          {verbs.map(({ kind, keys }) => (
            <Button
              key={kind}
              size="small"
              {...(withKeys ? { keys } : {})}
              disabled={busy}
              onClick={() => onAsk(kind)}
            >
              {t(kind === 'tag' ? 'tags' : kind)}
            </Button>
          ))}
          {onMerge ? (
            <Button size="small" {...(withKeys ? { keys: 'm' } : {})} disabled={busy} onClick={onMerge}>
              {t('merge-short')}
            </Button>
          ) : null}
          <Button size="small" tone="quiet" {...(withKeys ? { keys: 'escape' } : {})} onClick={onClear}>
            {clear}
          </Button>
        </span>
      </>
    )}
  </section>
)
