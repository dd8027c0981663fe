/** Short news of what was just done, with a way back; spoken politely, gone by itself unless somebody is reading it. */
import { useEffect, useState, useSyncExternalStore } from 'react'
import { IconButton, Button } from './Button.tsx'
import { classes } from './classes.ts'
import { isFailure } from '../shell/failure.ts'
import { t } from './words.ts'
import styles from './Toast.module.css'

export type Toast = {
  readonly text: string
  readonly tone?: 'plain' | 'failed'
  readonly undo?: () => void
}
type Shown = Toast & { readonly number: number }

const STAYS_MS = 7_000
let shown: readonly Shown[] = []
let count = 0
const watchers = new Set<() => void>()
const show = (next: readonly Shown[]): void => {
  shown = next
  for (const watcher of watchers) watcher()
}

export const toast = (news: Toast): void => {
  count += 1
  show([...shown.slice(-2), { ...news, number: count }])
}
export const toastFailure = (error: unknown): void =>
  toast({ tone: 'failed', text: isFailure(error) ? error.message : String(error) })

const dismiss = (number: number): void => show(shown.filter((one) => one.number !== number))

const OneToast = ({ news }: { news: Shown }) => {
  const [held, setHeld] = useState(false)
  useEffect(() => {
    if (held || news.tone === 'failed') return
    const timer = window.setTimeout(() => dismiss(news.number), STAYS_MS)
    return () => window.clearTimeout(timer)
  }, [held, news])
  return (
    <div
      className={classes(styles.toast, news.tone === 'failed' && styles.failed)}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <span className={styles.text}>{news.text}</span>
      {news.undo ? (
        <Button
          size="small"
          tone="quiet"
          onClick={() => {
            news.undo?.()
            dismiss(news.number)
          }}
        >
          {t('undo')}
        </Button>
      ) : null}
      <IconButton icon="close" label={t('dismiss')} onClick={() => dismiss(news.number)} />
    </div>
  )
}

const watch = (watcher: () => void): (() => void) => {
  watchers.add(watcher)
  return () => watchers.delete(watcher)
}

export const Toasts = () => {
  const all = useSyncExternalStore(
    watch,
    () => shown,
    () => shown,
  )
  return (
    <section className={styles.region} aria-live="polite" aria-label={t('news')}>
      {all.map((news) => (
        <OneToast key={news.number} news={news} />
      ))}
    </section>
  )
}
