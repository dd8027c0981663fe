/** Under the terminal: the whole recording as one line, with what is not in it, what was blanked, and what is passed over. */
import { duration, playingTime } from '../../messages/format.ts'
import { Badge } from '../../parts/Badge.tsx'
import { classes } from '../../parts/classes.ts'
import { Checkbox } from '../../parts/Field.tsx'
import { useKeys } from '../../parts/keys.ts'
import type { Recording } from './queries.ts'
import styles from './RecordingStrip.module.css'
import { t } from './words.ts'

type Mark = {
  readonly kind: 'idle' | 'pause' | 'cut'
  /** Recorded seconds. */
  readonly from: number
  readonly to: number
  readonly text: string
}

const because = (text: string, why: string | null): string => (why ? `${text}: ${why}` : text)

/** What one does not see, in order. */
const marksOf = (
  { pauses, cuts }: Recording,
  idle: readonly { readonly from: number; readonly to: number }[],
): readonly Mark[] =>
  [
    ...idle.map(({ from, to }) => ({
      kind: 'idle' as const,
      from,
      to,
      text: t('idle', { length: duration((to - from) * 1000) }),
    })),
    ...pauses.map(({ fromMs, toMs, why }) => ({
      kind: 'pause' as const,
      from: fromMs / 1000,
      to: toMs / 1000,
      text: because(t('pause', { length: duration(toMs - fromMs) }), why ?? null),
    })),
    ...cuts.map(({ fromMs, toMs, why, by }) => ({
      kind: 'cut' as const,
      from: fromMs / 1000,
      to: toMs / 1000,
      text: because(t('cut', { length: duration(toMs - fromMs), name: by.name }), why ?? null),
    })),
  ].toSorted((a, b) => a.from - b.from)

/** Said while the playing is inside, in words: a pause and a redaction look like any wait. */
const Here = ({ marks, at }: { marks: readonly Mark[]; at: number }) => {
  const here = marks.findLast(({ kind, from, to }) => kind !== 'idle' && from <= at && at < to)
  return <output className={styles.here}>{here ? <Badge tone="amber">{here.text}</Badge> : null}</output>
}

export const RecordingStrip = ({
  recording,
  lengthSeconds,
  idle,
  at,
  seek,
  skips,
  onSkips,
}: {
  recording: Recording
  lengthSeconds: number
  idle: readonly { readonly from: number; readonly to: number }[]
  at: number
  seek: (seconds: number) => void
  skips: boolean
  onSkips: (skips: boolean) => void
}) => {
  useKeys([{ keys: 'i', label: t('skip-idle'), run: () => onSkips(!skips) }])
  const length = Math.max(lengthSeconds, 1)
  const marks = marksOf(recording, idle)
  const place = (seconds: number): string => `${(Math.min(seconds, length) / length) * 100}%`
  return (
    <div className={styles.strip}>
      <div className={styles.line}>
        {marks.map(({ kind, from, to, text }) => (
          <span
            key={`${kind} ${from}`}
            className={classes(styles.mark, styles[kind])}
            style={{
              left: place(from),
              width: `max(3px, ${((Math.min(to, length) - from) / length) * 100}%)`,
            }}
            title={`${playingTime(from)} ${text}`}
          />
        ))}
        <input
          type="range"
          min={0}
          max={length}
          step={0.1}
          value={Math.min(at, length)}
          aria-label={t('where')}
          aria-valuetext={playingTime(at)}
          onChange={(event) => seek(Number(event.target.value))}
        />
      </div>
      <div className={styles.below}>
        <span className={styles.time}>
          {playingTime(at)} / {playingTime(length)}
        </span>
        <Here marks={marks} at={at} />
        <Checkbox
          label={
            <>
              {t('skip-idle')}
              {idle.length > 0 ? (
                <span className="dim"> ({t('idle-skipped', { count: idle.length })})</span>
              ) : null}
            </>
          }
          checked={skips}
          onChange={(event) => onSkips(event.target.checked)}
        />
      </div>
    </div>
  )
}
