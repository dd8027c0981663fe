/** What a rota would mean, drawn before it is saved: the next weeks, who takes over from whom, and what should be looked at. */
import { isoDate, dayAndTime } from '../../../messages/format.ts'
import { Badge } from '../../../parts/Badge.tsx'
import { mondayOf } from '../../../parts/days.ts'
import { ErrorNote } from '../../../parts/ErrorNote.tsx'
import { Panel } from '../../../parts/Page.tsx'
import { useNow, useReader } from '../../../parts/reader.ts'
import { Skeleton } from '../../../parts/Skeleton.tsx'
import type { Reply } from '../../../shell/api.ts'
import { useMe } from '../../../shell/session.ts'
import { RotaPicture } from '../RotaPicture.tsx'
import styles from './Editing.module.css'
import type { DutyChange } from './duty-changes.ts'
import { t } from './words.ts'

export type Outcome = Reply<'POST /api/schedules/preview'>
const WEEKS = 6
const MOST_CHANGES = 8
const MOST_FINDINGS = 6

const people = (names: readonly string[]): string => (names.length === 0 ? t('nobody') : names.join(' + '))

/** Whoever is on call as this is read, when saving would replace them. */
const HandsOverNow = ({ changes }: { changes: readonly DutyChange[] }) => {
  const now = useNow()
  const atOnce = changes.find(({ from, to }) => from <= now && now < to)
  if (!atOnce) return null
  return (
    <p className={styles.warning}>
      <Badge tone="amber">
        <span className={styles.sentence}>
          {t('changes-now', { after: people(atOnce.after), before: people(atOnce.before) })}
        </span>
      </Badge>
    </p>
  )
}

const Changes = ({ changes, ends }: { changes: readonly DutyChange[]; ends: number }) => {
  const reader = useReader()
  return (
    <Panel title={t('changes')}>
      <HandsOverNow changes={changes} />
      {changes.length === 0 ? <p className="dim">{t('changes-none')}</p> : null}
      <ul className={styles.changes}>
        {changes.slice(0, MOST_CHANGES).map(({ from, to, before, after }) => (
          <li key={from}>
            <span className={styles.when}>
              {to === ends
                ? t('change-from', { from: dayAndTime(from, reader) })
                : t('change-when', { from: dayAndTime(from, reader), to: dayAndTime(to, reader) })}
            </span>
            <span>{t('change-line', { after: people(after), before: people(before) })}</span>
          </li>
        ))}
      </ul>
      {changes.length > MOST_CHANGES ? (
        <p className="dim">{t('changes-more', { count: changes.length - MOST_CHANGES })}</p>
      ) : null}
    </Panel>
  )
}

export const RotaPreview = ({
  outcome,
  changes,
  ends,
  error,
  waits,
  stale,
}: {
  outcome: Outcome | undefined
  /** Undefined for a rota that does not exist yet. */
  changes: readonly DutyChange[] | undefined
  /** What is looked ahead to: a change that reaches it goes on. */
  ends: number
  error: unknown
  /** There is nothing yet that could be drawn. */
  waits: boolean
  stale: boolean
}) => {
  const me = useMe()
  const { zone } = useReader()
  const now = useNow()
  const findings = outcome?.findings ?? []
  return (
    <>
      <Panel title={t('preview')}>
        {error ? <ErrorNote error={error} small /> : null}
        {waits ? <p className="dim">{t('preview-waits')}</p> : null}
        {stale && outcome ? <p className="dim">{t('preview-stale')}</p> : null}
        {outcome ? (
          <div className={stale ? styles.stale : undefined}>
            <RotaPicture
              timeline={outcome}
              marks={changes ?? []}
              monday={mondayOf(isoDate(now, zone))}
              weeks={WEEKS}
              mine={me.account.id}
              label={`${t('preview')}. ${t('preview-described')}`}
            />
          </div>
        ) : error || waits ? null : (
          <Skeleton height={`${WEEKS * 68}px`} />
        )}
      </Panel>
      {changes && outcome ? <Changes changes={changes} ends={ends} /> : null}
      {findings.length > 0 ? (
        <Panel title={t('findings')}>
          <ul className={styles.findings}>
            {findings.slice(0, MOST_FINDINGS).map((finding) => (
              <li key={`${finding.code} ${finding.from}`}>
                <Badge tone={finding.severity}>
                  <span className={styles.sentence}>
                    <FindingWhen finding={finding} /> {finding.detail}
                  </span>
                </Badge>
              </li>
            ))}
          </ul>
        </Panel>
      ) : null}
    </>
  )
}

const FindingWhen = ({ finding }: { finding: Outcome['findings'][number] }) => {
  const reader = useReader()
  return <span className="dim">{dayAndTime(finding.from, reader)}:</span>
}
