/** An empty place that teaches: what will appear here, why it matters, and the one thing that makes the first one. */
import { Fragment, useState, type ReactNode } from 'react'
import { Icon, type IconName } from './Icon.tsx'
import { t } from './words.ts'
import styles from './EmptyState.module.css'

export const EmptyState = ({
  icon,
  title,
  children,
  command,
  action,
  alone = false,
}: {
  icon?: IconName
  title: string
  children?: ReactNode
  command?: string
  action?: ReactNode
  /** It is all there is on the page. */
  alone?: boolean
}) => {
  const Heading = alone ? 'h1' : 'h2'
  return (
    <div className={styles.empty}>
      {icon ? (
        <span className={styles.icon}>
          <Icon name={icon} size={20} />
        </span>
      ) : null}
      <Heading>{title}</Heading>
      {children ? <div className={styles.why}>{children}</div> : null}
      {command ? <Command text={command} /> : null}
      {action ? <div className={styles.action}>{action}</div> : null}
    </div>
  )
}

/** A line for a shell, copied by one press. */
export const Command = ({ text }: { text: string }) => {
  const [copied, setCopied] = useState(false)
  const copy = (): void => {
    void navigator.clipboard?.writeText(text).then(() => setCopied(true))
  }
  return (
    <div className={styles.command}>
      <pre>
        {text.split(' ').map((word, position, words) => (
          // Words are the same only where they stand.
          // oxlint-disable-next-line react/no-array-index-key
          <Fragment key={position}>
            <span className={word.length < 32 && !word.includes('\n') ? styles.word : undefined}>{word}</span>
            {position < words.length - 1 ? ' ' : null}
          </Fragment>
        ))}
      </pre>
      <button type="button" onClick={copy} onBlur={() => setCopied(false)}>
        <Icon name={copied ? 'check' : 'copy'} size={14} />
        <span aria-live="polite">{copied ? t('copied') : t('copy')}</span>
      </button>
    </div>
  )
}
