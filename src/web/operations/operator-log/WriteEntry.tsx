/** Writing an entry by hand, for work that was not recorded here. */
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { FormEvent } from 'react'
import { Button } from '../../parts/Button.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { useDraft } from '../../parts/draft.ts'
import { ErrorNote } from '../../parts/ErrorNote.tsx'
import { FormActions, Select, TextArea, TextField } from '../../parts/Field.tsx'
import form from '../../parts/Form.module.css'
import { toast } from '../../parts/Toast.tsx'
import { EnvironmentField } from '../../people/environments/EnvironmentField.tsx'
import { api, type Input } from '../../shell/api.ts'
import { isFailure } from '../../shell/failure.ts'
import { queryClient } from '../../shell/query-client.ts'
import { entryQuery } from './queries.ts'
import { t } from './words.ts'

const categories = ['change', 'incident', 'maintenance', 'look'] as const

const WriteEntry = ({ environment, onClose }: { environment?: string | undefined; onClose: () => void }) => {
  const navigate = useNavigate()
  const { draft, set, field } = useDraft({
    environment: environment ?? '',
    category: 'change',
    what: '',
    summary: '',
    tooling: '',
    links: '',
  })
  const write = useMutation({
    mutationFn: () => {
      const input: Input<'POST /api/operator-log'> = {
        environment: draft.environment,
        category: categories.find((category) => category === draft.category) ?? 'change',
        what: draft.what,
        summary: draft.summary,
        ...(draft.tooling.trim() ? { tooling: draft.tooling } : {}),
        links: draft.links.split(/\s+/).filter(Boolean),
      }
      return api('POST /api/operator-log', input)
    },
    onSuccess: (entry) => {
      queryClient.setQueryData(entryQuery(entry.id).queryKey, entry)
      void queryClient.invalidateQueries({ queryKey: ['operator-log'] })
      toast({ text: t('written', entry) })
      onClose()
      void navigate({ to: '/operator-log/$entryId', params: { entryId: entry.id } })
    },
  })
  const faults = isFailure(write.error) ? write.error.fields : {}
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    write.mutate()
  }
  return (
    <Dialog open onClose={onClose} title={t('write-title')} explanation={t('write-text')} wide>
      <form onSubmit={submit} className={form.form}>
        <div className={form.pair}>
          <EnvironmentField
            value={draft.environment}
            onChange={(slug) => set({ environment: slug })}
            fault={faults['environment']}
          />
          <Select
            label={t('write-category')}
            {...field('category')}
            choices={categories.map((value) => ({ value, label: t(`category-${value}`) }))}
          />
        </div>
        <TextField
          label={t('write-what')}
          required
          maxLength={300}
          fault={faults['what']}
          {...field('what')}
        />
        <TextArea label={t('write-summary')} required fault={faults['summary']} {...field('summary')} />
        <TextField label={t('write-tooling')} optional fault={faults['tooling']} {...field('tooling')} />
        <TextArea
          label={t('write-links')}
          hint={t('write-links-hint')}
          optional
          rows={2}
          fault={faults['links']}
          {...field('links')}
        />
        {write.error ? <ErrorNote error={write.error} small /> : null}
        <FormActions>
          <Button type="submit" tone="primary" busy={write.isPending}>
            {t('write-do')}
          </Button>
        </FormActions>
      </form>
    </Dialog>
  )
}
export default WriteEntry
