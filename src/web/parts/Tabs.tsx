/** Sections of one page as links: the address says which is open, so it can be copied. */
import { Link, type LinkProps } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { t } from './words.ts'
import styles from './Tabs.module.css'

export type Tab = {
  readonly label: string
  readonly link: LinkProps
  readonly count?: number | undefined
  readonly open: boolean
}

export const Tabs = ({ tabs, label, after }: { tabs: readonly Tab[]; label?: string; after?: ReactNode }) => (
  <nav className={styles.tabs} aria-label={label ?? t('tabs')}>
    {tabs.map((tab) => (
      <Link
        {...tab.link}
        key={tab.label}
        className={styles.tab}
        data-open={tab.open || undefined}
        aria-current={tab.open ? 'page' : undefined}
      >
        {tab.label}
        {tab.count === undefined ? null : <span className={styles.count}>{tab.count}</span>}
      </Link>
    ))}
    {after}
  </nav>
)
