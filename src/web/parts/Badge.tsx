/** A state in one word, with a mark of its own shape, so that colour is never the only carrier. */
import type { ReactNode } from 'react'
import { classes } from './classes.ts'
import { t } from './words.ts'
import styles from './Badge.module.css'

export type Tone = 'neutral' | 'red' | 'amber' | 'green' | 'blue'

export const Badge = ({ tone = 'neutral', children }: { tone?: Tone; children: ReactNode }) => (
  <span className={classes(styles.badge, styles[tone])} data-state={tone}>
    <svg viewBox="0 0 8 8" aria-hidden="true">
      {marks[tone]}
    </svg>
    {children}
  </span>
)

/** Filled = needs somebody now, half = under way or owed, ring = open, tick = fine, line = over. */
const marks: Readonly<Record<Tone, ReactNode>> = {
  red: <path d="M4 0 8 7.500H0z" fill="currentColor" />,
  amber: <path d="M4 .5 7.5 4 4 7.5.5 4z" fill="currentColor" />,
  green: <circle cx="4" cy="4" r="3.5" fill="currentColor" />,
  blue: (
    <>
      <circle cx="4" cy="4" r="3" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M4 1a3 3 0 0 1 0 6z" fill="currentColor" />
    </>
  ),
  neutral: <circle cx="4" cy="4" r="3" fill="none" stroke="currentColor" strokeWidth="1.3" />,
}

/** How urgent something is, from 1; the first is the only one that shouts. */
export const Level = ({ rank, text, spoken }: { rank: number; text: string; spoken: string }) => (
  <span className={classes(styles.priority, rank === 1 && styles.p1, rank === 2 && styles.p2)}>
    <span className="visually-hidden">{spoken}</span>
    <span aria-hidden="true">{text}</span>
  </span>
)

/** @param level `P1` to `P5` */
export const Priority = ({ level }: { level: string }) => (
  <Level rank={Number(level.slice(1))} text={level} spoken={t('priority', { level: level.slice(1) })} />
)

/** A quiet label: a name, a version, a kind. */
export const Tag = ({ children }: { children: ReactNode }) => <span className={styles.tag}>{children}</span>
