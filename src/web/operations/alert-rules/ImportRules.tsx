/** Importing files of rules: chosen, looked at, and only then kept. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState, type ChangeEvent, type FormEvent } from 'react'
import { Button } from '../../parts/Button.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { useDraft } from '../../parts/draft.ts'
import { ErrorNote } from '../../parts/ErrorNote.tsx'
import { FormActions, Select, TextField } from '../../parts/Field.tsx'
import form from '../../parts/Form.module.css'
import { Row, Rows } from '../../parts/Rows.tsx'
import { toast } from '../../parts/Toast.tsx'
import { environmentsQuery } from '../../people/environments/queries.ts'
import { api, type Reply } from '../../shell/api.ts'
import { queryClient } from '../../shell/query-client.ts'
import type { RuleSetRow } from './queries.ts'
import { t } from './words.ts'

const LARGEST_FILE = 512 * 1024
const LARGEST_IMPORT = 4 * 1024 * 1024
const EVERY = ''
const AS_IT_IS = '*'

type File_ = { readonly name: string; readonly text: string }
type Told = Reply<'PUT /api/rule-sets/:name'>

const Outcome = ({ of }: { of: Told }) => (
  <div aria-live="polite">
    <p>{of.rules === 0 ? t('nothing-readable') : t('would-be', of)}</p>
    <Rows label={t('column-findings')}>
      {of.unread.slice(0, 10).map(({ file, line, detail }) => (
        <Row key={`${file} ${line}`} stacked title={`${t('not-read')}: ${file}:${line}`} note={detail} />
      ))}
      {of.findings.slice(0, 20).map(({ file, line, name, code, detail }) => (
        <Row
          key={`${file} ${line} ${code}`}
          stacked
          title={`${name}: ${t(`finding-${code}`)}`}
          note={`${file}:${line} · ${detail}`}
        />
      ))}
    </Rows>
  </div>
)

const FilesField = ({
  fault,
  onChange,
}: {
  fault: string | undefined
  onChange: (files: FileList) => void
}) => (
  <TextField
    label={t('files')}
    hint={t('files-hint')}
    fault={fault}
    type="file"
    accept=".yaml,.yml,.json,.tpl,.gotmpl"
    multiple
    required
    onChange={(event: ChangeEvent<HTMLInputElement>) => {
      if (event.target.files) onChange(event.target.files)
    }}
  />
)

const useImport = (known: RuleSetRow | undefined, onDone: () => void) =>
  useMutation({
    mutationFn: ({
      name,
      files,
      which,
      dryRun,
    }: {
      name: string
      files: readonly File_[]
      which: string
      dryRun: boolean
    }) =>
      api('PUT /api/rule-sets/:name', {
        name,
        files: [...files],
        environments:
          which === AS_IT_IS
            ? (known?.environments?.map(({ slug }) => slug) ?? null)
            : which === EVERY
              ? null
              : [which],
        dryRun,
      }),
    onSuccess: (told) => {
      if (!told.stored) return
      void queryClient.invalidateQueries({ queryKey: ['alert-rules'] })
      void queryClient.invalidateQueries({ queryKey: ['alerts', 'one'] })
      toast({ text: t('imported', { count: told.rules }) })
      onDone()
    },
  })

const ImportRules = ({ sets, onClose }: { sets: readonly RuleSetRow[]; onClose: () => void }) => {
  const environments = useQuery(environmentsQuery).data?.rows ?? []
  const { draft, set, field } = useDraft({
    name: sets[0]?.name ?? 'platform',
    which: sets[0] ? AS_IT_IS : EVERY,
  })
  const [files, setFiles] = useState<readonly File_[]>([])
  const [fault, setFault] = useState<string>()
  const known = sets.find(({ name }) => name === draft.name)
  const run = useImport(known, onClose)
  const isNamed = /^[a-z0-9][a-z0-9-]{0,62}$/.test(draft.name)
  const which = known === undefined && draft.which === AS_IT_IS ? EVERY : draft.which
  const choose = async (chosen: FileList): Promise<void> => {
    run.reset()
    setFiles([])
    const list = [...chosen]
    const sum = list.reduce((all, { size }) => all + size, 0)
    if (sum > LARGEST_IMPORT || list.some(({ size }) => size > LARGEST_FILE))
      return setFault(t('files-large'))
    setFault(undefined)
    setFiles(await Promise.all(list.map(async (file) => ({ name: file.name, text: await file.text() }))))
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (isNamed && files.length > 0)
      run.mutate({ name: draft.name, files, which, dryRun: run.data === undefined })
  }
  return (
    <Dialog open onClose={onClose} title={t('import-title')} explanation={t('import-text')}>
      <form onSubmit={submit} className={form.form}>
        <TextField
          label={t('set-name')}
          hint={t('set-name-hint')}
          fault={isNamed ? undefined : t('set-name-fault')}
          required
          maxLength={63}
          value={draft.name}
          onChange={(event) => {
            set({ name: event.target.value })
            run.reset()
          }}
        />
        <Select
          label={t('for-which')}
          {...field('which')}
          value={which}
          choices={[
            ...(known
              ? [
                  {
                    value: AS_IT_IS,
                    label: known.environments?.map(({ slug }) => slug).join(', ') ?? t('for-every'),
                  },
                ]
              : []),
            ...(known && known.environments === null ? [] : [{ value: EVERY, label: t('for-every') }]),
            ...environments.map(({ slug }) => ({ value: slug, label: slug })),
          ]}
        />
        <FilesField
          fault={fault}
          onChange={(chosen) => void choose(chosen).catch(() => setFault(t('files-unread')))}
        />
        {run.error ? <ErrorNote error={run.error} small /> : null}
        {run.data ? <Outcome of={run.data} /> : null}
        <FormActions>
          <Button
            type="submit"
            tone="primary"
            busy={run.isPending}
            disabled={files.length === 0 || !isNamed || run.data?.rules === 0}
          >
            {t(run.data ? 'import-now' : 'look')}
          </Button>
        </FormActions>
      </form>
    </Dialog>
  )
}
export default ImportRules
