/** Putting somebody on call for a while. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { dayAndTime } from '../../messages/format.ts'
import { Button } from '../../parts/Button.tsx'
import { addDays, instantOf, wallFields } from '../../parts/days.ts'
import { Dialog } from '../../parts/Dialog.tsx'
import { ErrorNote } from '../../parts/ErrorNote.tsx'
import { FormActions, Select, TextField } from '../../parts/Field.tsx'
import form from '../../parts/Form.module.css'
import { useReader } from '../../parts/reader.ts'
import { toast, toastFailure } from '../../parts/Toast.tsx'
import { staffQuery } from '../../people/accounts/queries.ts'
import { api, type Reply } from '../../shell/api.ts'
import { isFailure } from '../../shell/failure.ts'
import { queryClient } from '../../shell/query-client.ts'
import { useMe } from '../../shell/session.ts'
import { scheduleQuery, type ScheduleRow } from './queries.ts'
import { t } from './words.ts'

const NOBODY = 'nobody'
/** No rotation is called so: an id has a letter or digit first. */
const WHOLE = ''
type Draft = {
  who: string
  fromDate: string
  fromTime: string
  toDate: string
  toTime: string
  reason: string
  rotation: string
}

const useAdd = (
  schedule: ScheduleRow,
  zone: string,
  onAdded: (added: Reply<'POST /api/schedules/:schedule/overrides'>) => void,
) =>
  useMutation({
    mutationFn: (draft: Draft) =>
      api('POST /api/schedules/:schedule/overrides', {
        schedule: schedule.id,
        accountId: draft.who === NOBODY ? null : draft.who,
        from: instantOf(draft.fromDate, draft.fromTime, zone),
        to: instantOf(draft.toDate, draft.toTime, zone),
        ...(draft.rotation === WHOLE ? {} : { rotationIds: [draft.rotation] }),
        ...(draft.reason.trim() ? { reason: draft.reason } : {}),
      }),
    onSuccess: onAdded,
  })

type Stretch = { readonly from: number; readonly to: number } | undefined

const useDraft = (zone: string, mine: string, stretch: Stretch) => {
  const [draft, setDraft] = useState<Draft>(() => {
    const { date, time } = wallFields(stretch?.from ?? Math.ceil(Date.now() / 3_600_000) * 3_600_000, zone)
    const until = stretch ? wallFields(stretch.to, zone) : { date: addDays(date, 1), time }
    return {
      who: mine,
      fromDate: date,
      fromTime: time,
      toDate: until.date,
      toTime: until.time,
      reason: '',
      rotation: WHOLE,
    }
  })
  const field = (name: keyof Draft) => ({
    value: draft[name],
    onChange: (event: { target: { value: string } }) =>
      setDraft((before) => ({ ...before, [name]: event.target.value })),
  })
  return { draft, field }
}

/** Which rotation's people, where there are several; all of them when nothing is chosen. */
const InPlaceOf = ({
  schedule,
  field,
}: {
  schedule: ScheduleRow
  field: { value: string; onChange: (event: { target: { value: string } }) => void }
}) => {
  const layers = useQuery(scheduleQuery(schedule.slug)).data?.layers ?? []
  if (layers.length < 2) return null
  return (
    <Select
      label={t('override-for')}
      choices={[
        { value: WHOLE, label: t('override-whole') },
        ...layers.map(({ id }) => ({ value: id, label: t('override-rotation', { rotation: id }) })),
      ]}
      {...field}
    />
  )
}

const AddOverride = ({
  schedule,
  stretch,
  onClose,
}: {
  schedule: ScheduleRow
  /** What is to be covered; a day from now when absent. */
  stretch: Stretch
  onClose: () => void
}) => {
  const me = useMe()
  const reader = useReader()
  const people = useQuery(staffQuery).data?.rows ?? []
  const { draft, field } = useDraft(reader.zone, me.account.id, stretch)
  const add = useAdd(schedule, reader.zone, ({ override }) => {
    void queryClient.invalidateQueries({ queryKey: ['on-call'] })
    toast({
      text: t('override-added', {
        name: override.person?.name ?? t('nobody'),
        from: dayAndTime(override.from, reader),
        to: dayAndTime(override.to, reader),
      }),
      undo: () =>
        void api('DELETE /api/schedules/:schedule/overrides/:override', {
          schedule: schedule.id,
          override: override.id,
        })
          .catch(toastFailure)
          .finally(() => void queryClient.invalidateQueries({ queryKey: ['on-call'] })),
    })
    onClose()
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    add.mutate(draft)
  }
  const choices = [
    { value: me.account.id, label: `${me.account.name} (${t('you')})` },
    ...people.filter(({ id }) => id !== me.account.id).map(({ id, name }) => ({ value: id, label: name })),
    { value: NOBODY, label: t('override-nobody') },
  ]
  const faults = isFailure(add.error) ? add.error.fields : {}
  return (
    <Dialog open onClose={onClose} title={t('override-title')} explanation={t('override-text')}>
      <form onSubmit={submit} className={form.form}>
        <Select label={t('override-who')} choices={choices} fault={faults['accountId']} {...field('who')} />
        <InPlaceOf schedule={schedule} field={field('rotation')} />
        <div className={form.pair}>
          <TextField
            label={t('override-from-date')}
            type="date"
            required
            fault={faults['from']}
            {...field('fromDate')}
          />
          <TextField label={t('override-from-time')} type="time" required {...field('fromTime')} />
          <TextField
            label={t('override-to-date')}
            type="date"
            required
            fault={faults['to']}
            {...field('toDate')}
          />
          <TextField label={t('override-to-time')} type="time" required {...field('toTime')} />
        </div>
        <TextField
          label={t('override-reason')}
          optional
          maxLength={200}
          fault={faults['reason']}
          {...field('reason')}
        />
        <p className="dim">{t('override-zone', { zone: reader.zone })}</p>
        {add.error ? <ErrorNote error={add.error} small /> : null}
        <FormActions>
          <Button type="submit" tone="primary" busy={add.isPending}>
            {t('override-add')}
          </Button>
        </FormActions>
      </form>
    </Dialog>
  )
}
export default AddOverride
