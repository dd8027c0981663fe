/** An alert in a line: its name, what stands beside it, and its summary. */
import type { ReactNode } from 'react'
import styles from './AlertList.module.css'

/** Tags before the summary, which gives way where it is narrow. */
export const AlertTitle = ({
  name,
  summary,
  children,
}: {
  name: string
  summary: string
  children?: ReactNode
}) => (
  <>
    {name}
    {children}
    {summary && summary !== name ? <span className={styles.summary}> {summary}</span> : null}
  </>
)
