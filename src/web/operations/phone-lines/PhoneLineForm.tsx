/** Adding a line that people call, or changing one. */
import { useMutation } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { Button } from '../../parts/Button.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { useDraft } from '../../parts/draft.ts'
import { ErrorNote } from '../../parts/ErrorNote.tsx'
import { FormActions, Select, TextField } from '../../parts/Field.tsx'
import form from '../../parts/Form.module.css'
import { toast } from '../../parts/Toast.tsx'
import { api } from '../../shell/api.ts'
import { queryClient } from '../../shell/query-client.ts'
import type { PhoneLine } from './queries.ts'
import { t } from './words.ts'

const priorities = ['1', '2', '3', '4', '5'].map((value) => ({ value, label: `P${value}` }))

const draftOf = (row: PhoneLine | undefined) => ({
  number: row?.number ?? '',
  name: row?.name ?? '',
  greeting: row?.greeting ?? '',
  seconds: String(row?.ringSeconds ?? 25),
  priority: String(row?.priority ?? 1),
})

/** People write numbers in groups, and 00 where the plus belongs. */
const asNumber = (text: string): string => text.replaceAll(/[\s()./-]/g, '').replace(/^00/, '+')

type Given = { environment: string; row?: PhoneLine; onClose: () => void }

const PhoneLineForm = ({ environment, row, onClose }: Given) => {
  const { draft, field } = useDraft(() => draftOf(row))
  const number = asNumber(draft.number)
  const isNumber = /^\+[1-9]\d{6,14}$/.test(number)
  const seconds = Number(draft.seconds)
  const areSeconds = Number.isInteger(seconds) && seconds >= 10 && seconds <= 60
  const put = useMutation({
    mutationFn: () =>
      api('PUT /api/environments/:environment/phone-lines/:number', {
        environment,
        number,
        name: draft.name.trim(),
        greeting: draft.greeting.trim(),
        ringSeconds: seconds,
        priority: Number(draft.priority),
      }),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ['phone-lines'] })
      toast({ text: t('saved', { name: draft.name.trim() }) })
      onClose()
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (isNumber && areSeconds) put.mutate()
  }
  return (
    <Dialog open onClose={onClose} title={row ? t('change-title', row) : t('define')}>
      <form onSubmit={submit} className={form.form}>
        {row ? null : (
          <TextField
            label={t('number')}
            hint={t('number-hint')}
            fault={draft.number === '' || isNumber ? undefined : t('number-fault')}
            required
            inputMode="tel"
            maxLength={30}
            {...field('number')}
          />
        )}
        <TextField label={t('name')} hint={t('name-hint')} required maxLength={80} {...field('name')} />
        <TextField
          label={t('greeting')}
          hint={t('greeting-hint')}
          optional
          maxLength={300}
          {...field('greeting')}
        />
        <TextField
          label={t('ring-seconds')}
          fault={areSeconds ? undefined : t('ring-seconds-fault')}
          required
          inputMode="numeric"
          maxLength={2}
          {...field('seconds')}
        />
        <Select label={t('priority')} choices={priorities} {...field('priority')} />
        {put.error ? <ErrorNote error={put.error} small /> : null}
        <FormActions>
          <Button type="submit" tone="primary" busy={put.isPending}>
            {t('save')}
          </Button>
        </FormActions>
      </form>
    </Dialog>
  )
}
export default PhoneLineForm
