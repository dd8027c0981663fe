/** Who takes turns, in which order: by dragging, by buttons, by Alt and an arrow. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '../../../parts/Button.tsx'
import { Select } from '../../../parts/Field.tsx'
import form from '../../../parts/Form.module.css'
import { newKey } from '../../../parts/moved.ts'
import { Ordered } from '../../../parts/Ordered.tsx'
import { staffQuery } from '../../../people/accounts/queries.ts'
import { teamsQuery } from '../../../people/teams/queries.ts'
import type { Participant, TurnDraft } from './rota-draft.ts'
import styles from './Editing.module.css'
import { t } from './words.ts'

const NOBODY = 'nobody'
const TEAM = 'team '

const participantOf = (chosen: string): Participant => {
  if (chosen === NOBODY) return null
  return chosen.startsWith(TEAM) ? { team: chosen.slice(TEAM.length) } : chosen
}

export type Person = { readonly id: string; readonly name: string }

const useNames = (known: readonly Person[]) => {
  const staff = useQuery(staffQuery).data?.rows ?? []
  const teams = useQuery(teamsQuery).data?.rows ?? []
  const names = new Map([...known, ...staff, ...teams].map(({ id, name }) => [id, name]))
  return {
    staff,
    teams,
    nameOf: ({ participant }: TurnDraft): string => {
      if (participant === null) return t('nobody-turn')
      if (typeof participant === 'string') return names.get(participant) ?? '…'
      return t('team-turn', { team: names.get(participant.team) ?? '…' })
    },
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
  /** Those the rota names already, people and teams, who may be archived since. */
  known: readonly Person[]
  onChange: (turns: readonly TurnDraft[]) => void
  faultOf: (place: number) => string | undefined
  fault: string | undefined
}) => {
  const { staff, teams, nameOf } = useNames(known)
  const [chosen, setChosen] = useState('')
  const add = (): void => {
    if (chosen === '') return
    onChange([...turns, { key: newKey(), participant: participantOf(chosen) }])
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
            ...teams.map(({ id, name }) => ({
              value: `${TEAM}${id}`,
              label: t('team-turn', { team: name }),
            })),
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
