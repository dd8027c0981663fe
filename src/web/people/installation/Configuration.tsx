/** Configuration as code from the browser: taken away, looked at as a difference, applied. */
import { useMutation } from '@tanstack/react-query'
import type { ConfigurationChange } from '../../../contract/people/configuration.ts'
import { Button } from '../../parts/Button.tsx'
import { Diff, type DiffLine } from '../../parts/Diff.tsx'
import { useDraft } from '../../parts/draft.ts'
import { ErrorNote } from '../../parts/ErrorNote.tsx'
import { Checkbox, FormActions, TextArea } from '../../parts/Field.tsx'
import form from '../../parts/Form.module.css'
import { Panel } from '../../parts/Page.tsx'
import { toast, toastFailure } from '../../parts/Toast.tsx'
import { api } from '../../shell/api.ts'
import { queryClient } from '../../shell/query-client.ts'
import { useMay } from '../../shell/session.ts'
import styles from '../accounts/Settings.module.css'
import { t } from '../accounts/words.ts'

const kinds = { create: 'added', update: 'changed', delete: 'removed' } as const

const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** One line for what changes, and one for each of its fields. */
const linesOf = (changes: readonly ConfigurationChange[]): readonly DiffLine[] =>
  changes.flatMap(({ kind, name, action, fields }) => [
    { kind: kinds[action], text: `${kind} ${name}` },
    ...fields.map(({ field, from, to }): DiffLine => ({
      kind: 'same',
      text:
        from === undefined || from === null
          ? `  ${field}: ${text(to)}`
          : `  ${field}: ${text(from)} → ${text(to)}`,
    })),
  ])

const download = async (): Promise<void> => {
  const { document: yaml } = await api('GET /api/configuration')
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([yaml], { type: 'application/yaml' }))
  link.download = 'team.yaml'
  link.click()
  URL.revokeObjectURL(link.href)
}

const Apply = () => {
  const { draft, set, field } = useDraft({ document: '', prune: false })
  const preview = useMutation({
    mutationFn: () => api('POST /api/configuration/apply', { ...draft, dryRun: true }),
  })
  const apply = useMutation({
    mutationFn: () => api('POST /api/configuration/apply', draft),
    onSuccess: ({ changes }) => {
      preview.reset()
      void queryClient.invalidateQueries()
      toast({ text: t('configuration-applied', { count: changes.length }) })
    },
  })
  const document_ = field('document')
  return (
    <form
      className={form.form}
      onSubmit={(event) => {
        event.preventDefault()
        preview.mutate()
      }}
    >
      <TextArea
        label={t('configuration-document')}
        required
        rows={8}
        spellCheck={false}
        value={document_.value}
        onChange={(event) => {
          document_.onChange(event)
          preview.reset()
        }}
      />
      <Checkbox
        label={t('configuration-prune')}
        checked={draft.prune}
        onChange={(event) => {
          set({ prune: event.target.checked })
          preview.reset()
        }}
      />
      {(preview.error ?? apply.error) ? <ErrorNote error={preview.error ?? apply.error} small /> : null}
      {preview.data ? (
        preview.data.changes.length === 0 ? (
          <p>{t('configuration-nothing')}</p>
        ) : (
          <Diff lines={linesOf(preview.data.changes)} label={t('configuration-changes')} />
        )
      ) : null}
      <FormActions>
        <Button type="submit" busy={preview.isPending}>
          {t('configuration-preview')}
        </Button>
        {preview.data && preview.data.changes.length > 0 ? (
          <Button tone="primary" busy={apply.isPending} onClick={() => apply.mutate()}>
            {t('configuration-apply')}
          </Button>
        ) : null}
      </FormActions>
    </form>
  )
}

export const Configuration = () => {
  const may = useMay()
  return (
    <Panel
      title={t('configuration')}
      actions={
        <Button size="small" onClick={() => void download().catch(toastFailure)}>
          {t('configuration-download')}
        </Button>
      }
    >
      <p className={styles.text}>{t('configuration-text')}</p>
      {may('configuration.apply') ? <Apply /> : null}
    </Panel>
  )
}
