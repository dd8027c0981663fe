/** Who takes turns, in which order: by dragging, by buttons, by Alt and an arrow. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '../../../parts/Button.tsx'
import { Select } from '../../../parts/Field.tsx'
import form from '../../../parts/Form.module.css'
import { newKey } from '../../../parts/moved.ts'
import { Ordered } from '../../../parts/Ordered.tsx'
import { staffQuery } from '../../../people/accounts/queries.ts'
import type { TurnDraft } from './rota-draft.ts'
import styles from './Editing.module.css'
import { t } from './words.ts'

const NOBODY = 'nobody'
export type Person = { readonly id: string; readonly name: string }

const useNames = (known: readonly Person[]) => {
  const staff = useQuery(staffQuery).data?.rows ?? []
  const names = new Map([...known, ...staff].map(({ id, name }) => [id, name]))
  return {
    staff,
    nameOf: ({ accountId }: TurnDraft): string =>
      accountId === null ? t('nobody-turn') : (names.get(accountId) ?? '…'),
  }
}

export const ParticipantOrder = ({
  turns,
  known,
  onChange,
  faultOf,
  fault,
}: {
  turns: readonly TurnDraft[]
  /** Those the rota names already, who may be archived since. */
  known: readonly Person[]
  onChange: (turns: readonly TurnDraft[]) => void
  faultOf: (place: number) => string | undefined
  fault: string | undefined
}) => {
  const { staff, nameOf } = useNames(known)
  const [chosen, setChosen] = useState('')
  const add = (): void => {
    if (chosen === '') return
    onChange([...turns, { key: newKey(), accountId: chosen === NOBODY ? null : chosen }])
    setChosen('')
  }
  return (
    <fieldset className={styles.group}>
      <legend className={form.legend}>{t('people')}</legend>
      {turns.length === 0 ? <p className="dim">{t('people-empty')}</p> : null}
      <Ordered label={t('people')} rows={turns} nameOf={nameOf} onChange={onChange} numbered>
        {(turn, place) => (
          <>
            {nameOf(turn)}
            {faultOf(place) ? <p className={form.fault}>{faultOf(place)}</p> : null}
          </>
        )}
      </Ordered>
      {fault ? <p className={form.fault}>{fault}</p> : null}
      <div className={styles.adding}>
        <Select
          label={t('add-person')}
          value={chosen}
          onChange={(event) => setChosen(event.target.value)}
          choices={[
            { value: '', label: t('choose') },
            ...staff.map(({ id, name }) => ({ value: id, label: name })),
            { value: NOBODY, label: t('nobody-turn') },
          ]}
        />
        <Button icon="plus" disabled={chosen === ''} onClick={add}>
          {t('add')}
        </Button>
      </div>
    </fieldset>
  )
}
