/** The response times of one environment in a form. */
import { useMutation } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { Button } from '../../../parts/Button.tsx'
import { Dialog } from '../../../parts/Dialog.tsx'
import { ErrorNote } from '../../../parts/ErrorNote.tsx'
import { FormActions, Select, TextField } from '../../../parts/Field.tsx'
import form from '../../../parts/Form.module.css'
import { toast } from '../../../parts/Toast.tsx'
import { api } from '../../../shell/api.ts'
import { queryClient } from '../../../shell/query-client.ts'
import type { Choices, ResponseTimes } from './queries.ts'
import { t } from './words.ts'

const PRIORITIES = ['P1', 'P2', 'P3', 'P4', 'P5'] as const
type Draft = Readonly<Record<(typeof PRIORITIES)[number], string>>

const draftOf = (minutes: ResponseTimes['minutes'] | undefined): Draft =>
  Object.fromEntries(PRIORITIES.map((name) => [name, String(minutes?.[name] ?? '')])) as Draft

const minutesOf = (draft: Draft): ResponseTimes['minutes'] =>
  Object.fromEntries(
    PRIORITIES.flatMap((name) => (draft[name].trim() === '' ? [] : [[name, Number(draft[name])]])),
  )

const ResponseDialog = ({
  environments,
  rows,
  onClose,
}: {
  environments: Choices['environments']
  rows: readonly ResponseTimes[]
  onClose: () => void
}) => {
  const timesOf = (slug: string | undefined) =>
    rows.find(({ environment }) => environment.slug === slug)?.minutes
  const [chosen, setChosen] = useState(environments[0]?.slug ?? '')
  const [draft, setDraft] = useState(() => draftOf(timesOf(chosen)))
  const put = (minutes: ResponseTimes['minutes']) =>
    api('PUT /api/environments/:environment/response-times', { environment: chosen, ...minutes })
  const refresh = (): void => void queryClient.invalidateQueries({ queryKey: ['on-call', 'response-times'] })
  const save = useMutation({
    mutationFn: () => put(minutesOf(draft)),
    onSuccess: ({ environment }) => {
      const before = timesOf(chosen) ?? {}
      refresh()
      toast({
        text: t('response-saved', { environment: environment.name }),
        undo: () => void put(before).finally(refresh),
      })
      onClose()
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    save.mutate()
  }
  return (
    <Dialog open onClose={onClose} title={t('response-times')} explanation={t('response-text')}>
      <form className={form.form} onSubmit={submit}>
        <Select
          label={t('environment')}
          value={chosen}
          onChange={({ target }) => {
            setChosen(target.value)
            setDraft(draftOf(timesOf(target.value)))
          }}
          choices={environments.map(({ slug, name }) => ({ value: slug, label: name }))}
        />
        <div className={form.pair}>
          {PRIORITIES.map((name) => (
            <TextField
              key={name}
              label={t('response-minutes', { priority: name })}
              type="number"
              inputMode="numeric"
              min={1}
              max={10_080}
              optional
              value={draft[name]}
              onChange={({ target }) => setDraft({ ...draft, [name]: target.value })}
            />
          ))}
        </div>
        {save.error ? <ErrorNote error={save.error} small /> : null}
        <FormActions>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" tone="primary" busy={save.isPending}>
            {t('response-save')}
          </Button>
        </FormActions>
      </form>
    </Dialog>
  )
}
export default ResponseDialog
