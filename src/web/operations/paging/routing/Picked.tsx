/** Some of a list: chosen one by one, taken out by a press; none of them means all. */
import { useState } from 'react'
import { Tag } from '../../../parts/Badge.tsx'
import { Button, IconButton } from '../../../parts/Button.tsx'
import { Select } from '../../../parts/Field.tsx'
import form from '../../../parts/Form.module.css'
import { t as forms } from '../../../parts/form-words.ts'
import styles from './Routing.module.css'
import { t } from './words.ts'

const MOST = 100

export const Picked = ({
  label,
  adding,
  picked,
  choices,
  nameOf,
  onChange,
}: {
  label: string
  /** What the list to choose from is called. */
  adding: string
  picked: readonly string[]
  choices: readonly { readonly id: string; readonly name: string }[]
  nameOf: (id: string) => string
  onChange: (picked: readonly string[]) => void
}) => {
  const [chosen, setChosen] = useState('')
  const free = choices.filter(({ id }) => !picked.includes(id))
  const add = (): void => {
    onChange([...picked, chosen])
    setChosen('')
  }
  return (
    <fieldset className={styles.group}>
      <legend className={form.legend}>{label}</legend>
      <ul className={styles.chips} aria-label={label}>
        {picked.length === 0 ? (
          <li>
            <Tag>{t('every-one')}</Tag>
          </li>
        ) : null}
        {picked.map((id) => (
          <li key={id} className={styles.chip}>
            {nameOf(id)}
            <IconButton
              icon="close"
              label={forms('take-out', { name: nameOf(id) })}
              onClick={() => onChange(picked.filter((other) => other !== id))}
            />
          </li>
        ))}
      </ul>
      <div className={styles.adding}>
        <Select
          label={adding}
          value={chosen}
          onChange={({ target }) => setChosen(target.value)}
          choices={[
            { value: '', label: t('choose') },
            ...free.map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
        <Button icon="plus" disabled={chosen === '' || picked.length >= MOST} onClick={add}>
          {t('add-one')}
        </Button>
      </div>
    </fieldset>
  )
}
