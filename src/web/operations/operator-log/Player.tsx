/** The terminal itself, loaded only when somebody wants to watch: nothing else of the application pays for it. */
import { create, type Player as Terminal } from 'asciinema-player'
import 'asciinema-player/dist/bundle/asciinema-player.css'
import { useEffect, useMemo, useRef, useState } from 'react'
import { ErrorNote } from '../../parts/ErrorNote.tsx'
import { failureOf, offline } from '../../shell/failure.ts'
import { clockOf, idleOf, parseCast, type Cast, type Clock } from './cast.ts'
import type { Recording } from './queries.ts'
import styles from './Recording.module.css'
import { RecordingStrip } from './RecordingStrip.tsx'
import { MOST_IDLE_SECONDS, useSkipIdle } from './skip-idle.ts'
import { t } from './words.ts'

const WATCH_MS = 400

/** Read once a viewing, and never by itself again: each reading is recorded as a viewing. */
const useCast = (castUrl: string) => {
  const [read, setRead] = useState<{ cast?: Cast; error?: unknown }>({})
  useEffect(() => {
    const gone = new AbortController()
    const load = async (): Promise<void> => {
      try {
        const response = await fetch(castUrl, { signal: gone.signal, credentials: 'same-origin' })
        if (!response.ok) return setRead({ error: await failureOf(response) })
        const cast = parseCast(await response.text())
        setRead(cast && cast.events.length > 0 ? { cast } : { error: new Error(t('cast-unreadable')) })
      } catch {
        if (!gone.signal.aborted) setRead({ error: offline() })
      }
    }
    void load()
    return () => gone.abort()
  }, [castUrl])
  return read
}

/** Where it can be sent, in recorded seconds. */
export type Watching = { readonly seek: (seconds: number) => void }

const Screen = ({
  cast,
  clock,
  startAt,
  onTime,
  onReady,
}: {
  cast: Cast
  clock: Clock
  startAt: () => number
  onTime: (seconds: number) => void
  onReady: (watching: Watching) => void
}) => {
  const box = useRef<HTMLDivElement>(null)
  const told = useRef({ onTime, onReady, startAt })
  useEffect(() => {
    told.current = { onTime, onReady, startAt }
  })
  useEffect(() => {
    const element = box.current
    if (!element) return
    // The events carry the shown clock already: with the player's own limit a link could land past its command.
    const events = cast.events.map(([seconds, code, text]) => [clock.shown(seconds), code, text])
    const terminal: Terminal = create(
      { data: [{ version: 2, width: cast.cols, height: cast.rows }, ...events] },
      element,
      {
        cols: cast.cols,
        rows: cast.rows,
        startAt: clock.shown(told.current.startAt()),
        autoPlay: true,
        fit: 'width',
        terminalFontFamily: getComputedStyle(document.documentElement).getPropertyValue('--mono'),
        controls: true,
      },
    )
    told.current.onReady({ seek: (seconds) => void terminal.seek(clock.shown(seconds)) })
    const timer = window.setInterval(
      () => told.current.onTime(clock.recorded(terminal.getCurrentTime())),
      WATCH_MS,
    )
    return () => {
      window.clearInterval(timer)
      terminal.dispose()
    }
  }, [cast, clock])
  return <div ref={box} className={styles.terminal} />
}

const Player = ({
  recording,
  startAtSeconds,
  onTime,
  onReady,
}: {
  recording: Recording
  startAtSeconds: number
  /** Told where the playing is, in recorded seconds. */
  onTime: (seconds: number) => void
  onReady: (watching: Watching) => void
}) => {
  const { cast, error } = useCast(recording.castUrl)
  const { skips, setSkips } = useSkipIdle()
  const [at, setAt] = useState(startAtSeconds)
  const watching = useRef<Watching>(undefined)
  const clock = useMemo(
    () => (cast ? clockOf(cast.events, skips ? MOST_IDLE_SECONDS : Infinity) : undefined),
    [cast, skips],
  )
  const idle = useMemo(() => (cast && skips ? idleOf(cast.events, MOST_IDLE_SECONDS) : []), [cast, skips])
  if (error)
    return (
      <div className={styles.failed}>
        <ErrorNote error={error} small />
      </div>
    )
  if (!cast || !clock) return <div className={styles.curtain} />
  return (
    <>
      <Screen
        cast={cast}
        clock={clock}
        startAt={() => at}
        onTime={(seconds) => {
          setAt(seconds)
          onTime(seconds)
        }}
        onReady={(ready) => {
          watching.current = ready
          onReady(ready)
        }}
      />
      <RecordingStrip
        recording={recording}
        lengthSeconds={Math.max(recording.durationMs / 1000, cast.events.at(-1)?.[0] ?? 0)}
        idle={idle}
        at={at}
        seek={(seconds) => watching.current?.seek(seconds)}
        skips={skips}
        onSkips={setSkips}
      />
    </>
  )
}
export default Player
