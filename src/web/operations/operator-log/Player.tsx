/** The terminal itself, loaded only when somebody wants to watch: nothing else of the application pays for it. */
import { create, type Player as Terminal } from 'asciinema-player'
import 'asciinema-player/dist/bundle/asciinema-player.css'
import { useEffect, useRef } from 'react'
import styles from './Recording.module.css'

const WATCH_MS = 400

const Player = ({
  castUrl,
  cols,
  rows,
  startAtSeconds,
  onTime,
  onReady,
}: {
  castUrl: string
  cols: number
  rows: number
  startAtSeconds: number
  /** Told where the playing is, in seconds. */
  onTime: (seconds: number) => void
  onReady: (terminal: Terminal) => void
}) => {
  const box = useRef<HTMLDivElement>(null)
  const told = useRef({ onTime, onReady })
  useEffect(() => {
    told.current = { onTime, onReady }
  })
  // The player is made once a recording; where it starts is read at that moment.
  const start = useRef(startAtSeconds)
  useEffect(() => {
    const element = box.current
    if (!element) return
    const terminal = create(castUrl, element, {
      cols,
      rows,
      startAt: start.current,
      autoPlay: true,
      fit: 'width',
      // No idle limit: it would shorten the clock by which commands and links name their second.
      terminalFontFamily: getComputedStyle(document.documentElement).getPropertyValue('--mono'),
      controls: true,
    })
    told.current.onReady(terminal)
    const timer = window.setInterval(() => told.current.onTime(terminal.getCurrentTime()), WATCH_MS)
    return () => {
      window.clearInterval(timer)
      terminal.dispose()
    }
  }, [castUrl, cols, rows])
  return <div ref={box} className={styles.terminal} />
}
export default Player
