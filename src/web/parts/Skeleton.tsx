/** Grey shapes where content will be: the page keeps its form, nothing spins. */
import type { CSSProperties } from 'react'
import { t } from './words.ts'
import styles from './Skeleton.module.css'

export const Skeleton = ({ width = '100%', height = '0.8rem' }: { width?: string; height?: string }) => (
  <span className={styles.bone} data-bones="" style={{ width, height } as CSSProperties} aria-hidden="true" />
)

const widths = ['92%', '74%', '84%', '61%', '79%', '68%']

/** Lines of text to come. */
export const SkeletonLines = ({ lines = 3 }: { lines?: number }) => (
  <div className={styles.lines}>
    <span className="visually-hidden">{t('loading')}</span>
    {Array.from({ length: lines }, (_, line) => (
      <Skeleton key={line} width={widths[line % widths.length]!} />
    ))}
  </div>
)
