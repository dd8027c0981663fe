/** Asking a colleague to take a shift, a part of one, or to trade it for one of theirs. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { dayAndTime } from '../../../messages/format.ts'
import { Button } from '../../../parts/Button.tsx'
import { instantOf, wallFields } from '../../../parts/days.ts'
import { Dialog } from '../../../parts/Dialog.tsx'
import { useDraft } from '../../../parts/draft.ts'
import { ErrorNote } from '../../../parts/ErrorNote.tsx'
import { FormActions, Select, TextField } from '../../../parts/Field.tsx'
import form from '../../../parts/Form.module.css'
import { useReader } from '../../../parts/reader.ts'
import { toast } from '../../../parts/Toast.tsx'
import { staffQuery } from '../../../people/accounts/queries.ts'
import { api } from '../../../shell/api.ts'
import { isFailure } from '../../../shell/failure.ts'
import { queryClient } from '../../../shell/query-client.ts'
import { useMe } from '../../../shell/session.ts'
import { timelineQuery, type ScheduleRow, type Timeline } from '../queries.ts'
import { t } from './words.ts'

const WEEKS_MS = 8 * 7 * 86_400_000
/** No shift begins then. */
const NOTHING = ''

type Shift = Timeline['shifts'][number]
const keyOf = ({ from, to }: { from: number; to: number }): string => `${from} ${to}`
const stretchIn = (key: string): { from: number; to: number } => {
  const [from = 0, to = 0] = key.split(' ').map(Number)
  return { from, to }
}

/** Turns of rotations that have not begun: what came by an override is changed by another one. */
const useShiftsAhead = (schedule: ScheduleRow): readonly Shift[] => {
  const [from] = useState(() => Math.floor(Date.now() / 60_000) * 60_000)
  const { data } = useQuery(timelineQuery(schedule.slug, from, from + WEEKS_MS))
  return (data?.shifts ?? []).filter(
    (shift) => shift.source.kind === 'rotation' && shift.forwardedFrom === null && shift.from > from,
  )
}

const wallOf = (key: string, zone: string) => {
  const { from, to } = stretchIn(key)
  const [begin, end] = [wallFields(from, zone), wallFields(to, zone)]
  return { fromDate: begin.date, fromTime: begin.time, toDate: end.date, toTime: end.time }
}

const OfferSwap = ({ schedule, onClose }: { schedule: ScheduleRow; onClose: () => void }) => {
  const me = useMe()
  const reader = useReader()
  const people = useQuery(staffQuery).data?.rows ?? []
  const ahead = useShiftsAhead(schedule)
  const mine = ahead.filter(({ person }) => person.id === me.account.id)
  const { draft, set, field } = useDraft(() => ({
    shift: NOTHING,
    with: '',
    take: NOTHING,
    note: '',
    fromDate: '',
    fromTime: '',
    toDate: '',
    toTime: '',
  }))
  const named = (shift: { from: number; to: number }) => ({
    value: keyOf(shift),
    label: t('shift-named', { from: dayAndTime(shift.from, reader), to: dayAndTime(shift.to, reader) }),
  })
  const first = mine[0]
  if (draft.shift === NOTHING && first) set({ shift: keyOf(first), ...wallOf(keyOf(first), reader.zone) })
  const colleagues = people.filter(({ id }) => id !== me.account.id)
  const asked = draft.with || colleagues[0]?.id || ''
  const theirs = ahead.filter(({ person }) => person.id === asked)
  const ask = useMutation({
    mutationFn: () =>
      api('POST /api/schedules/:schedule/swaps', {
        schedule: schedule.id,
        with: asked,
        give: {
          from: instantOf(draft.fromDate, draft.fromTime, reader.zone),
          to: instantOf(draft.toDate, draft.toTime, reader.zone),
        },
        ...(theirs.some((shift) => keyOf(shift) === draft.take) ? { take: stretchIn(draft.take) } : {}),
        ...(draft.note.trim() ? { note: draft.note } : {}),
      }),
    onSuccess: ({ askedOf }) => {
      void queryClient.invalidateQueries({ queryKey: ['on-call'] })
      toast({ text: t('asked', { name: askedOf.name }) })
      onClose()
    },
  })
  const faults = isFailure(ask.error) ? ask.error.fields : {}
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    ask.mutate()
  }
  return (
    <Dialog open onClose={onClose} title={t('ask-title')} explanation={t('ask-text')}>
      {mine.length === 0 ? <p>{t('no-shifts')}</p> : null}
      <form onSubmit={submit} className={form.form} hidden={mine.length === 0}>
        <Select
          label={t('shift')}
          choices={mine.map(named)}
          fault={faults['give']}
          value={draft.shift}
          onChange={({ target }) => set({ shift: target.value, ...wallOf(target.value, reader.zone) })}
        />
        <div className={form.pair}>
          <TextField
            label={t('from-date')}
            type="date"
            required
            fault={faults['from']}
            {...field('fromDate')}
          />
          <TextField label={t('from-time')} type="time" required {...field('fromTime')} />
          <TextField label={t('to-date')} type="date" required fault={faults['to']} {...field('toDate')} />
          <TextField label={t('to-time')} type="time" required {...field('toTime')} />
        </div>
        <Select
          label={t('with')}
          choices={colleagues.map(({ id, name }) => ({ value: id, label: name }))}
          fault={faults['with']}
          value={asked}
          onChange={({ target }) => set({ with: target.value, take: NOTHING })}
        />
        <Select
          label={t('return')}
          choices={[{ value: NOTHING, label: t('return-nothing') }, ...theirs.map(named)]}
          fault={faults['take']}
          {...field('take')}
        />
        <TextField label={t('note')} optional maxLength={200} fault={faults['note']} {...field('note')} />
        <p className="dim">{t('zone', { zone: reader.zone })}</p>
        {ask.error ? <ErrorNote error={ask.error} small /> : null}
        <FormActions>
          <Button type="submit" tone="primary" busy={ask.isPending}>
            {t('send')}
          </Button>
        </FormActions>
      </form>
    </Dialog>
  )
}
export default OfferSwap
