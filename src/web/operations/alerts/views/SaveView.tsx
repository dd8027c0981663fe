/** Giving the list as it stands a name, for oneself or for everybody; taking a view away. */
import { useMutation } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { Button } from '../../../parts/Button.tsx'
import { Dialog } from '../../../parts/Dialog.tsx'
import { useDraft } from '../../../parts/draft.ts'
import { ErrorNote } from '../../../parts/ErrorNote.tsx'
import { Checkbox, FormActions, TextField } from '../../../parts/Field.tsx'
import form from '../../../parts/Form.module.css'
import { toast } from '../../../parts/Toast.tsx'
import { api } from '../../../shell/api.ts'
import { queryClient } from '../../../shell/query-client.ts'
import { t } from '../words.ts'
import { savedFrom, slugOf, type ListSearch, type SavedView } from './view-search.ts'

const refresh = (): void => void queryClient.invalidateQueries({ queryKey: ['alerts', 'views'] })

const useRemove = (view: SavedView | undefined, onDone: () => void) =>
  useMutation({
    mutationFn: () => api('DELETE /api/alerts/views/:viewId', { viewId: view?.id ?? '' }),
    onSuccess: () => {
      refresh()
      toast({ text: t('view-removed', { name: view?.name ?? '' }) })
      onDone()
    },
  })

const SaveView = ({
  search,
  shown,
  mayShare,
  onClose,
}: {
  search: ListSearch
  /** The view that the list shows, if it is one. */
  shown: SavedView | undefined
  mayShare: boolean
  onClose: () => void
}) => {
  const { draft, set, field } = useDraft({
    name: shown?.name ?? '',
    isShared: shown !== undefined && shown.slug !== null,
  })
  const name = draft.name.trim()
  const isUsable = name !== '' && (!draft.isShared || slugOf(name) !== '')
  const save = useMutation({
    mutationFn: () => api('POST /api/alerts/views', savedFrom(search, name, draft.isShared)),
    onSuccess: () => {
      refresh()
      toast({ text: t('view-saved', { name }) })
      onClose()
    },
  })
  const remove = useRemove(shown, onClose)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (isUsable) save.mutate()
  }
  const error = save.error ?? remove.error
  return (
    <Dialog open onClose={onClose} title={t('view-save')} explanation={t('view-text')}>
      <form onSubmit={submit} className={form.form}>
        <TextField label={t('view-name')} required maxLength={100} {...field('name')} />
        {mayShare ? (
          <Checkbox
            label={t('view-shared')}
            hint={t('view-shared-hint')}
            checked={draft.isShared}
            onChange={(event) => set({ isShared: event.target.checked })}
          />
        ) : null}
        {error ? <ErrorNote error={error} small /> : null}
        <FormActions>
          {shown?.can.change ? (
            <Button tone="danger" busy={remove.isPending} onClick={() => remove.mutate()}>
              {t('view-remove', { name: shown.name })}
            </Button>
          ) : null}
          <Button type="submit" tone="primary" busy={save.isPending} disabled={!isUsable}>
            {t('save')}
          </Button>
        </FormActions>
      </form>
    </Dialog>
  )
}
export default SaveView
