/** Whom one step tells: chosen from a list, taken out by a press. */
import { useState } from 'react'
import { Button, IconButton } from '../../../parts/Button.tsx'
import { Select } from '../../../parts/Field.tsx'
import form from '../../../parts/Form.module.css'
import { t as forms } from '../../../parts/form-words.ts'
import styles from './Editing.module.css'
import { targetOf, wordOf, type Target } from './policy-draft.ts'
import type { Whom } from './whom.ts'
import { t } from './words.ts'

export const Targets = ({
  label,
  targets,
  whom,
  withRotas,
  faultOf,
  onChange,
}: {
  label: string
  targets: readonly Target[]
  whom: Whom
  withRotas: boolean
  faultOf: (place: number) => string | undefined
  onChange: (targets: readonly Target[]) => void
}) => {
  const [chosen, setChosen] = useState('')
  const taken = targets.map(wordOf)
  const choices = whom.choices.filter(
    ({ value }) => !taken.includes(value) && (withRotas || !/^(schedule|team):/.test(value)),
  )
  const add = (): void => {
    if (chosen === '') return
    onChange([...targets, targetOf(chosen)])
    setChosen('')
  }
  const faults = targets.map((_, place) => faultOf(place)).filter((fault) => fault !== undefined)
  return (
    <div className={styles.group}>
      {targets.length === 0 ? (
        <p className="dim">{t('no-targets')}</p>
      ) : (
        <ul className={styles.targets} aria-label={label}>
          {targets.map((target, place) => (
            <li key={wordOf(target)} className={styles.target}>
              {whom.nameOf(target)}
              <IconButton
                icon="close"
                label={forms('take-out', { name: whom.nameOf(target) })}
                onClick={() => onChange(targets.toSpliced(place, 1))}
              />
            </li>
          ))}
        </ul>
      )}
      {faults.map((fault) => (
        <p key={fault} className={form.fault}>
          {fault}
        </p>
      ))}
      <div className={styles.adding}>
        <Select
          label={t('add-target')}
          value={chosen}
          onChange={(event) => setChosen(event.target.value)}
          choices={[{ value: '', label: t('choose') }, ...choices]}
        />
        <Button icon="plus" disabled={chosen === ''} onClick={add}>
          {t('add')}
        </Button>
      </div>
    </div>
  )
}
