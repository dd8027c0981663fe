/** What would change, line by line: marked by sign and word, not by colour alone. */
import { classes } from './classes.ts'
import { t } from './words.ts'
import styles from './Diff.module.css'

export type DiffLine = { readonly kind: 'added' | 'removed' | 'changed' | 'same'; readonly text: string }

const signs = { added: '+', removed: '−', changed: '~', same: ' ' } as const

export const Diff = ({ lines, label }: { lines: readonly DiffLine[]; label: string }) => (
  // A region that scrolls must be reachable by key.
  // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
  <section className={styles.diff} aria-label={label} tabIndex={0}>
    {lines.map((line, position) => (
      // Lines have no name but their place.
      // oxlint-disable-next-line react/no-array-index-key
      <div key={position} className={classes(styles.line, styles[line.kind])}>
        <span aria-hidden="true" className={styles.sign}>
          {signs[line.kind]}
        </span>
        {line.kind === 'same' ? null : <span className="visually-hidden">{t(line.kind)}: </span>}
        <code>{line.text}</code>
      </div>
    ))}
  </section>
)
