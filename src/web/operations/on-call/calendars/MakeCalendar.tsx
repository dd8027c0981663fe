/** Making a secret link for a calendar program; it is shown once. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { Button } from '../../../parts/Button.tsx'
import { Dialog } from '../../../parts/Dialog.tsx'
import { ErrorNote } from '../../../parts/ErrorNote.tsx'
import { FormActions, Select } from '../../../parts/Field.tsx'
import form from '../../../parts/Form.module.css'
import { SecretOnce } from '../../../parts/SecretOnce.tsx'
import { teamsQuery } from '../../../people/teams/queries.ts'
import { api } from '../../../shell/api.ts'
import { queryClient } from '../../../shell/query-client.ts'
import type { ScheduleRow } from '../queries.ts'
import { t } from './words.ts'

const MINE = 'person'

const MakeCalendar = ({ schedules, onClose }: { schedules: readonly ScheduleRow[]; onClose: () => void }) => {
  const teams = useQuery(teamsQuery).data?.rows ?? []
  const [chosen, setChosen] = useState(MINE)
  const make = useMutation({
    mutationFn: () => {
      const [of = MINE, subject] = chosen.split(' ')
      return api('POST /api/calendar-feeds', {
        of: of as 'person' | 'team' | 'schedule',
        ...(subject === undefined ? {} : { subject }),
      })
    },
    onSuccess: () => void queryClient.invalidateQueries({ queryKey: ['on-call', 'calendar-feeds'] }),
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    make.mutate()
  }
  return (
    <Dialog open onClose={onClose} title={t('make-title')} explanation={t('make-text')}>
      {make.data ? (
        <div className={form.form}>
          <SecretOnce sentence={t('made')} secret={make.data.url} />
          <FormActions>
            <Button tone="primary" onClick={onClose}>
              {t('done')}
            </Button>
          </FormActions>
        </div>
      ) : (
        <form onSubmit={submit} className={form.form}>
          <Select
            label={t('of')}
            value={chosen}
            onChange={({ target }) => setChosen(target.value)}
            choices={[
              { value: MINE, label: t('person') },
              ...schedules.map(({ id, name }) => ({
                value: `schedule ${id}`,
                label: t('schedule', { name }),
              })),
              ...teams.map(({ id, name }) => ({ value: `team ${id}`, label: t('team', { name }) })),
            ]}
          />
          {make.error ? <ErrorNote error={make.error} small /> : null}
          <FormActions>
            <Button type="submit" tone="primary" busy={make.isPending}>
              {t('make')}
            </Button>
          </FormActions>
        </form>
      )}
    </Dialog>
  )
}
export default MakeCalendar
