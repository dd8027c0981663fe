/** During which hours one environment is served. */
import { useMutation } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { Button } from '../../../parts/Button.tsx'
import { Dialog } from '../../../parts/Dialog.tsx'
import { ErrorNote } from '../../../parts/ErrorNote.tsx'
import { FormActions, Select } from '../../../parts/Field.tsx'
import form from '../../../parts/Form.module.css'
import type { Choices, Hours } from './queries.ts'
import { assignHours } from './save-hours.ts'
import { t } from './words.ts'

/** Around the clock. */
const NONE = ''

const AssignHours = ({
  environments,
  all,
  onClose,
}: {
  environments: Choices['environments']
  all: readonly Hours[]
  onClose: () => void
}) => {
  const hoursOf = (id: string | undefined) =>
    all.find((hours) => hours.environments.some((environment) => environment.id === id))
  const [chosen, setChosen] = useState(environments[0])
  const [hoursId, setHoursId] = useState(hoursOf(environments[0]?.id)?.id ?? NONE)
  const save = useMutation({
    mutationFn: async () => {
      if (!chosen) return
      await assignHours(
        chosen,
        all.find(({ id }) => id === hoursId),
        hoursOf(chosen.id),
      )
    },
    onSuccess: onClose,
  })
  const choose = (id: string): void => {
    setChosen(environments.find((environment) => environment.id === id))
    setHoursId(hoursOf(id)?.id ?? NONE)
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    save.mutate()
  }
  const unchanged = (hoursOf(chosen?.id)?.id ?? NONE) === hoursId
  return (
    <Dialog open onClose={onClose} title={t('assign-title')} explanation={t('service-hours-text')}>
      <form className={form.form} onSubmit={submit}>
        <Select
          label={t('environment')}
          value={chosen?.id ?? ''}
          onChange={({ target }) => choose(target.value)}
          choices={environments.map(({ id, name }) => ({ value: id, label: name }))}
        />
        <Select
          label={t('service-hours')}
          value={hoursId}
          onChange={({ target }) => setHoursId(target.value)}
          choices={[
            { value: NONE, label: t('around-the-clock') },
            ...all.map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
        {save.error ? <ErrorNote error={save.error} small /> : null}
        <FormActions>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" tone="primary" busy={save.isPending} disabled={!chosen || unchanged}>
            {t('assign')}
          </Button>
        </FormActions>
      </form>
    </Dialog>
  )
}
export default AssignHours
