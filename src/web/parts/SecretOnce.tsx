/** A secret that is shown once: to be copied now, with what to do with it. */
import type { ReactNode } from 'react'
import { Command } from './EmptyState.tsx'
import styles from './SecretOnce.module.css'

export const SecretOnce = ({
  sentence,
  secret,
  children,
}: {
  sentence: string
  secret: string
  children?: ReactNode
}) => (
  <div className={styles.once}>
    <p className={styles.sentence}>{sentence}</p>
    <Command text={secret} />
    {children}
  </div>
)
