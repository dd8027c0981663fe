/** Saying that one is away, or letting somebody else answer; for others, too, where one may change rotas. */
import { useMutation, useQuery } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { Button } from '../../../parts/Button.tsx'
import { addDays, instantOf, wallFields } from '../../../parts/days.ts'
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
import { useMay, useMe } from '../../../shell/session.ts'
import { t } from '../words.ts'

/** Nobody answers: it is leave alone. */
const NOBODY = ''

const useAwayDraft = () => {
  const me = useMe()
  const { zone } = useReader()
  return useDraft(() => {
    const { date } = wallFields(Date.now(), zone)
    const [fromTime, toTime] = ['00:00', '00:00']
    return {
      who: me.account.id,
      answers: NOBODY,
      fromDate: addDays(date, 1),
      fromTime,
      toDate: addDays(date, 2),
      toTime,
      reason: '',
    }
  })
}

const AddAway = ({ onClose }: { onClose: () => void }) => {
  const me = useMe()
  const { zone } = useReader()
  const mayOthers = useMay()('on-call.change')
  const people = useQuery(staffQuery).data?.rows ?? []
  const { draft, field } = useAwayDraft()
  const add = useMutation({
    mutationFn: async (): Promise<unknown> => {
      const wanted = {
        accountId: draft.who,
        from: instantOf(draft.fromDate, draft.fromTime, zone),
        to: instantOf(draft.toDate, draft.toTime, zone),
        ...(draft.reason.trim() ? { reason: draft.reason } : {}),
      }
      return draft.answers === NOBODY
        ? api('POST /api/on-call/absences', wanted)
        : api('POST /api/on-call/forwardings', { ...wanted, toAccountId: draft.answers })
    },
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ['on-call'] })
      toast({ text: t('away-added') })
      onClose()
    },
  })
  const faults = isFailure(add.error) ? add.error.fields : {}
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    add.mutate()
  }
  const others = people.filter(({ id }) => id !== me.account.id)
  const own = { value: me.account.id, label: `${me.account.name} (${t('you')})` }
  const choices = others.map(({ id, name }) => ({ value: id, label: name }))
  return (
    <Dialog open onClose={onClose} title={t('away-title')} explanation={t('away-text')}>
      <form onSubmit={submit} className={form.form}>
        {mayOthers ? (
          <Select
            label={t('away-who')}
            choices={[own, ...choices]}
            fault={faults['accountId']}
            {...field('who')}
          />
        ) : null}
        <div className={form.pair}>
          <TextField label={t('override-from-date')} type="date" required {...field('fromDate')} />
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
        <Select
          label={t('away-who-answers')}
          fault={faults['toAccountId']}
          choices={[
            { value: NOBODY, label: t('away-nobody') },
            ...[own, ...choices].filter(({ value }) => value !== draft.who),
          ]}
          {...field('answers')}
        />
        <TextField
          label={t('override-reason')}
          optional
          maxLength={200}
          fault={faults['reason']}
          {...field('reason')}
        />
        <p className="dim">{t('override-zone', { zone })}</p>
        {add.error ? <ErrorNote error={add.error} small /> : null}
        <FormActions>
          <Button type="submit" tone="primary" busy={add.isPending}>
            {t('away-save')}
          </Button>
        </FormActions>
      </form>
    </Dialog>
  )
}
export default AddAway
