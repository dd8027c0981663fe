/** Before a record is saved: what would change, field by field, and whether somebody else was faster. */
import { Button } from './Button.tsx'
import { Diff } from './Diff.tsx'
import type { FieldChange } from './record-draft.ts'
import { t } from './form-words.ts'
import styles from './WhatChanges.module.css'

type Change = FieldChange<Record<string, string>>

export const WhatChanges = ({
  changes,
  overtaken,
  nameOf,
  textOf = String,
  onCompare,
}: {
  changes: readonly Change[]
  overtaken: readonly Change[]
  nameOf: (field: string) => string
  /** What a value is called, where the form holds an id. */
  textOf?: (value: string, field: string) => string
  onCompare: () => void
}) => {
  const text = (value: string, field: string): string => (value === '' ? '–' : textOf(value, field))
  return (
    <>
      {overtaken.length > 0 ? (
        <section className={styles.overtaken} role="alert">
          <p className={styles.title}>{t('overtaken')}</p>
          <ul>
            {overtaken.map(({ name, is }) => (
              <li key={name}>
                {nameOf(name)}: {text(is, name)}
              </li>
            ))}
          </ul>
          <Button size="small" onClick={onCompare}>
            {t('compare')}
          </Button>
        </section>
      ) : null}
      {changes.length > 0 ? (
        <Diff
          label={t('what-changes')}
          lines={changes.map(({ name, was, is }) => ({
            kind: 'changed',
            text: `${nameOf(name)}: ${text(was, name)} → ${text(is, name)}`,
          }))}
        />
      ) : null}
    </>
  )
}
