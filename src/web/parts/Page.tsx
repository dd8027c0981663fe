/** The form of every view: a title row that stays, then either a list of full width or a page of panels with a side rail. */
import { Link, type LinkProps } from '@tanstack/react-router'
import { useEffect, type ReactNode } from 'react'
import { classes } from './classes.ts'
import { Icon } from './Icon.tsx'
import styles from './Page.module.css'

export type Crumb = { readonly label: string; readonly link: LinkProps }

export const Page = ({
  title,
  name,
  lead,
  crumbs,
  actions,
  bar,
  children,
}: {
  /** What the heading and the browser's tab say. */
  title: string
  /** Shown before the title: a number or a badge. */
  lead?: ReactNode
  /** Shown instead of the title in the heading, when it needs more than text. */
  name?: ReactNode
  crumbs?: readonly Crumb[]
  actions?: ReactNode
  /** Filters or tabs under the title. */
  bar?: ReactNode
  children: ReactNode
}) => {
  useEffect(() => {
    document.title = `${title} · Fortnight`
  }, [title])
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <div className={styles.titles}>
          {crumbs?.map((crumb) => (
            <span key={crumb.label} className={styles.crumb}>
              <Link {...crumb.link}>{crumb.label}</Link>
              <Icon name="right" size={12} />
            </span>
          ))}
          {lead}
          <h1 className={styles.title} tabIndex={-1} id="page-title">
            {name ?? title}
          </h1>
        </div>
        {actions ? <div className={styles.actions}>{actions}</div> : null}
      </header>
      {bar ? <div className={styles.bar}>{bar}</div> : null}
      {children}
    </div>
  )
}

/** Panels under one another, with facts beside them when there is room. */
export const Columns = ({
  children,
  rail,
  narrow = false,
  railFirst = false,
}: {
  children: ReactNode
  rail?: ReactNode
  /** For words to read, not for lists. */
  narrow?: boolean
  /** Where they do not fit beside each other, the rail is what people came for. */
  railFirst?: boolean
}) => (
  <div
    className={classes(
      styles.columns,
      rail ? styles.withRail : null,
      narrow && styles.narrow,
      railFirst && styles.railFirst,
    )}
  >
    <div className={styles.main}>{children}</div>
    {rail ? <aside className={styles.rail}>{rail}</aside> : null}
  </div>
)

export const Panel = ({
  title,
  actions,
  children,
  flush = false,
  id,
}: {
  title?: ReactNode
  actions?: ReactNode
  children: ReactNode
  /** The content touches the edges: a list in a panel. */
  flush?: boolean
  id?: string
}) => (
  <section className={styles.panel} id={id}>
    {title || actions ? (
      <header className={styles.panelHeader}>
        <h2>{title}</h2>
        {actions ? <div className={styles.actions}>{actions}</div> : null}
      </header>
    ) : null}
    <div className={flush ? undefined : styles.panelBody}>{children}</div>
  </section>
)

/** Names and values, as a page of facts lists them. */
export const Facts = ({ children }: { children: ReactNode }) => <dl className={styles.facts}>{children}</dl>

export const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
)
