/** A recording and its commands side by side; where one watches is part of the address. */
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useRef, useState } from 'react'
import { duration, playingTime } from '../../messages/format.ts'
import { Badge } from '../../parts/Badge.tsx'
import { Button } from '../../parts/Button.tsx'
import { ErrorNote } from '../../parts/ErrorNote.tsx'
import { useKeys } from '../../parts/keys.ts'
import { Panel } from '../../parts/Page.tsx'
import { SkeletonLines } from '../../parts/Skeleton.tsx'
import { TimeText } from '../../parts/TimeText.tsx'
import { CommandList } from './CommandList.tsx'
import type { Watching } from './Player.tsx'
import { recordingQuery, type Recording } from './queries.ts'
import styles from './Recording.module.css'
import { t } from './words.ts'

const Player = lazy(() => import('./Player.tsx'))

/** A place in the recording, pressed to go there. */
const Moment = ({
  seconds,
  show,
}: {
  seconds: number
  /** Absent for who may not watch. */
  show: ((seconds: number) => void) | undefined
}) =>
  show ? (
    <button type="button" className="link" onClick={() => show(seconds)}>
      {playingTime(seconds)}
    </button>
  ) : (
    playingTime(seconds)
  )

/** Everything that makes a recording less than whole is said, not hidden. */
const Caveats = ({
  recording,
  show,
}: {
  recording: Recording
  show: ((seconds: number) => void) | undefined
}) => {
  const secrets = Object.values(recording.redactions).reduce((sum, count) => sum + count, 0)
  return (
    <ul className={styles.caveats}>
      {recording.openedOffline ? <li>{t('opened-offline')}</li> : null}
      {recording.lostTailMs > 0 ? (
        <li>
          <Badge tone="amber">{t('lost-tail', { length: duration(recording.lostTailMs) })}</Badge>
        </li>
      ) : null}
      {recording.forgedMarks > 0 ? (
        <li>
          <Badge tone="amber">{t('forged-marks', { count: recording.forgedMarks })}</Badge>
        </li>
      ) : null}
      {recording.shellMarks ? null : <li>{t('no-shell-marks')}</li>}
      {secrets > 0 ? (
        <li>
          {t('redacted')}: {t('redacted-count', { count: secrets })} (
          {Object.keys(recording.redactions).join(', ')})
        </li>
      ) : null}
      {recording.cuts.map((cut) => (
        <li key={`${cut.fromMs}-${cut.toMs}`}>
          <Moment seconds={cut.fromMs / 1000} show={show} />{' '}
          {t('cut', { length: duration(cut.toMs - cut.fromMs), name: cut.by.name })} <TimeText at={cut.at} />
          {cut.why ? `: ${cut.why}` : ''}
          {cut.done ? null : <Badge tone="amber">{t('cut-under-way')}</Badge>}
        </li>
      ))}
      {recording.pauses.map((pause) => (
        <li key={pause.fromMs}>
          <Moment seconds={pause.fromMs / 1000} show={show} />{' '}
          {t('pause', { length: duration(pause.toMs - pause.fromMs) })}
          {pause.why ? `: ${pause.why}` : ''}
        </li>
      ))}
    </ul>
  )
}

const Watch = ({
  recording,
  at,
  onAt,
}: {
  recording: Recording
  at: number | undefined
  onAt: (seconds: number) => void
}) => {
  const [watching, setWatching] = useState(at !== undefined)
  const [time, setTime] = useState<number>()
  const player = useRef<Watching>(undefined)
  const show = (seconds: number): void => {
    // Never before it: the link is to the command, not to the end of the one before.
    onAt(Math.ceil(seconds * 10) / 10)
    setWatching(true)
    player.current?.seek(seconds)
  }
  useKeys(recording.can.play ? [{ keys: 'p', label: t('play-recording'), run: () => setWatching(true) }] : [])
  return (
    <>
      <div className={styles.watch}>
        <div className={styles.screen}>
          {watching && recording.can.play ? (
            <Suspense fallback={<div className={styles.curtain} />}>
              <Player
                recording={recording}
                startAtSeconds={at ?? 0}
                onTime={setTime}
                onReady={(ready) => {
                  player.current = ready
                }}
              />
            </Suspense>
          ) : (
            <div className={styles.curtain}>
              {recording.can.play ? (
                <>
                  <Button icon="play" keys="p" onClick={() => setWatching(true)}>
                    {t('play-recording')}
                  </Button>
                  <p>{t('viewing-recorded')}</p>
                </>
              ) : (
                <p>{t('may-not-play')}</p>
              )}
            </div>
          )}
        </div>
        <div className={styles.list}>
          <CommandList recording={recording} at={watching ? time : undefined} show={show} />
        </div>
      </div>
      <Caveats recording={recording} show={recording.can.play ? show : undefined} />
    </>
  )
}

export const RecordingPanel = ({
  recordingId,
  at,
  onAt,
}: {
  recordingId: string
  at: number | undefined
  onAt: (seconds: number) => void
}) => {
  const { data, error, refetch } = useQuery(recordingQuery(recordingId))
  if (error)
    return (
      <Panel title={t('recording')}>
        <ErrorNote error={error} onRetry={refetch} small />
      </Panel>
    )
  return (
    <Panel
      title={t('recording')}
      flush
      actions={
        data ? (
          <span className="dim">
            {duration(data.durationMs)} · {t('commands-count', { count: data.commandCount })}
          </span>
        ) : null
      }
    >
      {data ? (
        <>
          {data.state === 'open' ? <p className={styles.note}>{t('still-open')}</p> : null}
          <Watch recording={data} at={at} onAt={onAt} />
        </>
      ) : (
        <div className={styles.note}>
          <SkeletonLines lines={6} />
        </div>
      )}
    </Panel>
  )
}
