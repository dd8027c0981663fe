/** A short list inside a panel: each row leads to its record. For long lists there is Table. */
import { Link, type LinkProps } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import styles from './Rows.module.css'

export const Rows = ({ children, label }: { children: ReactNode; label?: string }) => (
  <ul className={styles.rows} aria-label={label}>
    {children}
  </ul>
)

export const Row = ({
  link,
  href,
  lead,
  title,
  note,
  end,
  tall = false,
  stacked = false,
}: {
  link?: LinkProps
  /** For pages that the server draws itself. */
  href?: string
  lead?: ReactNode
  title: ReactNode
  note?: ReactNode
  end?: ReactNode
  /** On a phone the end goes under the words: it is more than a time. */
  tall?: boolean
  /** Where there is little room: the note goes under the title. */
  stacked?: boolean
}) => (
  <li
    className={styles.row}
    data-leads={link || href ? true : undefined}
    data-tall={tall || undefined}
    data-stacked={stacked || undefined}
  >
    {lead ? <span className={styles.lead}>{lead}</span> : null}
    <span className={styles.words}>
      <span className={styles.title}>
        {link ? <Link {...link}>{title}</Link> : href ? <a href={href}>{title}</a> : title}
      </span>
      {note ? <span className={styles.note}>{note}</span> : null}
    </span>
    {end ? <span className={`${styles.end} ends`}>{end}</span> : null}
  </li>
)
