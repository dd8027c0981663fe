/** The fields of a rota beside what they would mean. */
import { useState, type FormEvent } from 'react'
import { isoDate } from '../../../messages/format.ts'
import { Button } from '../../../parts/Button.tsx'
import type { Person } from './ParticipantOrder.tsx'
import { ErrorNote } from '../../../parts/ErrorNote.tsx'
import { Select, TextField } from '../../../parts/Field.tsx'
import { Panel } from '../../../parts/Page.tsx'
import { useReader } from '../../../parts/reader.ts'
import { isFailure } from '../../../shell/failure.ts'
import styles from './Editing.module.css'
import { NameFields, type Faults } from './NameFields.tsx'
import { Overtaken } from './Overtaken.tsx'
import { useOutcome } from './rota-outcome.ts'
import {
  definitionOf,
  newRotation,
  rotaDraftOf,
  type Combine,
  type RotaDetail,
  type RotaDraft,
  type RotationDraft,
} from './rota-draft.ts'
import { RotaPreview } from './RotaPreview.tsx'
import { RotationFields, ZoneNames } from './RotationFields.tsx'
import { SaveBar } from './SaveBar.tsx'
import { useSaveRota } from './save-rota.ts'
import { t } from './words.ts'

const titleOf = (place: number, count: number, combine: Combine): string =>
  count === 1
    ? t('rotation')
    : t(combine === 'top' && place === count - 1 ? 'rotation-top' : 'rotation-numbered', { count: place + 1 })

const Rotations = ({
  draft,
  known,
  faults,
  onChange,
}: {
  draft: RotaDraft
  known: readonly Person[]
  faults: Faults
  onChange: (change: Partial<RotaDraft>) => void
}) => {
  const { zone } = useReader()
  const { rotations, combine } = draft
  const change = (changed: readonly RotationDraft[]): void => onChange({ rotations: changed })
  const add = (): void => {
    const taken = rotations.map(({ id }) => id)
    const last = rotations.at(-1)
    change([...rotations, newRotation(taken, last?.zone ?? zone, isoDate(Date.now(), last?.zone ?? zone))])
  }
  return (
    <>
      <ZoneNames />
      {rotations.map((rotation, place) => (
        <Panel
          key={rotation.key}
          title={titleOf(place, rotations.length, combine)}
          actions={
            rotations.length > 1 ? (
              <Button size="small" tone="quiet" onClick={() => change(rotations.toSpliced(place, 1))}>
                {t('remove-rotation')}
              </Button>
            ) : null
          }
        >
          <RotationFields
            rotation={rotation}
            known={known}
            faultOf={(field) => faults[`layers.${place}.${field}`]}
            onChange={(changed) => change(rotations.with(place, changed))}
          />
        </Panel>
      ))}
      <div className={styles.group}>
        {rotations.length > 1 ? (
          <Select
            label={t('combine')}
            value={combine}
            hint={t(combine === 'top' ? 'rotation-text' : 'rotation-text-all')}
            onChange={({ target }) => onChange({ combine: target.value as Combine })}
            choices={[
              { value: 'top', label: t('combine-top') },
              { value: 'all', label: t('combine-all') },
            ]}
          />
        ) : (
          <p className={styles.hint}>{t('rotation-text')}</p>
        )}
        <div>
          <Button icon="plus" size="small" onClick={add}>
            {t(combine === 'top' ? 'add-rotation' : 'add-rotation-beside')}
          </Button>
        </div>
      </div>
    </>
  )
}

const meaningOf = (draft: RotaDraft): string => JSON.stringify([draft.name, draft.slug, definitionOf(draft)])

const useRotaDraft = (latest: RotaDetail | undefined) => {
  const { zone } = useReader()
  const [base, setBase] = useState(latest)
  const first = (): RotaDraft =>
    latest
      ? rotaDraftOf(latest)
      : {
          name: '',
          slug: '',
          combine: 'top',
          restHours: '11',
          rotations: [newRotation([], zone, isoDate(Date.now(), zone))],
        }
  const [untouched, setUntouched] = useState(first)
  const [draft, setDraft] = useState(untouched)
  return {
    base,
    draft,
    unsaved: meaningOf(draft) !== meaningOf(untouched),
    change: (change: Partial<RotaDraft>) => setDraft((before) => ({ ...before, ...change })),
    discard: () => setDraft(untouched),
    /** Goes on from what is stored now, with one's own words or without. */
    rebase: (keep: boolean) => {
      setBase(latest)
      setUntouched(first())
      if (!keep) setDraft(first())
    },
  }
}

export const RotaForm = ({ latest }: { latest?: RotaDetail }) => {
  const { base, draft, unsaved, change, discard, rebase } = useRotaDraft(latest)
  const outcome = useOutcome(base, definitionOf(draft))
  const save = useSaveRota(base)
  const failure = isFailure(save.error) ? save.error : undefined
  const faults = { ...outcome.fields, ...failure?.fields }
  const overtaken = base && latest && latest.version !== base.version && !save.isSuccess
  const edit = (changed: Partial<RotaDraft>): void => {
    if (save.error) save.reset()
    change(changed)
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (!overtaken) save.mutate(draft)
  }
  return (
    <form className={styles.editor} onSubmit={submit} data-editor="">
      <div className={styles.fields}>
        {overtaken ? (
          <Overtaken
            name={latest.name}
            mine={base.version}
            theirs={latest.version}
            onKeep={() => rebase(true)}
            onTake={() => rebase(false)}
          />
        ) : null}
        <NameFields draft={draft} isNew={!base} faults={faults} onChange={edit} />
        <Rotations
          draft={draft}
          known={base ? [...base.people, ...base.teams] : []}
          faults={faults}
          onChange={edit}
        />
        <TextField
          label={t('rest-hours')}
          hint={t('rest-hours-hint')}
          type="number"
          min={0}
          max={72}
          required
          value={draft.restHours}
          fault={faults['restHours']}
          onChange={({ target }) => edit({ restHours: target.value })}
        />
        {failure && failure.code !== 'conflict' ? <ErrorNote error={failure} small /> : null}
      </div>
      <div className={styles.shown}>
        <RotaPreview {...outcome} />
      </div>
      <SaveBar
        action={base ? t('save-rota') : t('create-rota')}
        unsaved={unsaved}
        busy={save.isPending}
        disabled={!unsaved || outcome.waits || outcome.broken || Boolean(overtaken)}
        onDiscard={() => {
          save.reset()
          discard()
        }}
      />
    </form>
  )
}
