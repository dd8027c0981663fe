/** The key that does the same, shown beside what it does. */
import styles from './KeyHint.module.css'

const onMac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent)
const printed: Readonly<Record<string, string>> = {
  mod: onMac ? '⌘' : 'Ctrl',
  enter: '↵',
  escape: 'Esc',
  arrowup: '↑',
  arrowdown: '↓',
}

/** @param keys `mod+k`, `g h` (one after the other) or `?` */
export const KeyHint = ({ keys }: { keys: string }) => (
  <span className={styles.hint} aria-hidden="true">
    {keys.split(/[ +]/).map((key) => (
      <kbd key={key}>{printed[key] ?? key.toUpperCase()}</kbd>
    ))}
  </span>
)
