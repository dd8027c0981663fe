/** Sections of one page as links: the address says which is open, so it can be copied. */
import { Link, type LinkProps } from '@tanstack/react-router'
import { useLayoutEffect, useRef, type ReactNode } from 'react'
import { t } from './words.ts'
import styles from './Tabs.module.css'

export type Tab = {
  readonly label: string
  readonly link: LinkProps
  readonly count?: number | undefined
  readonly open: boolean
}

/** Where they do not all fit, the open one is in sight: a link may lead to the last of many. */
const useOpenInSight = (open: string | undefined) => {
  const list = useRef<HTMLElement>(null)
  useLayoutEffect(() => {
    const box = list.current
    const tab = box?.querySelector<HTMLElement>('[data-open]')
    if (open === undefined || !box || !tab || box.scrollWidth <= box.clientWidth) return
    const middle = tab.getBoundingClientRect().left - box.getBoundingClientRect().left + tab.offsetWidth / 2
    box.scrollLeft += middle - box.clientWidth / 2
  }, [open])
  return list
}

export const Tabs = ({ tabs, label, after }: { tabs: readonly Tab[]; label?: string; after?: ReactNode }) => {
  const list = useOpenInSight(tabs.find(({ open }) => open)?.label)
  return (
    <nav ref={list} className={styles.tabs} aria-label={label ?? t('tabs')}>
      {tabs.map((tab) => (
        <Link
          {...tab.link}
          key={tab.label}
          className={styles.tab}
          // Which is open we say ourselves: an address that goes on where another ends is not both.
          activeOptions={{ exact: true, includeSearch: true }}
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
}
