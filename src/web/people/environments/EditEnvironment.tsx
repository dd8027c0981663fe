/** Changing what is recorded about an environment. */
import { useMutation, useQuery } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { Button } from '../../parts/Button.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { ErrorNote } from '../../parts/ErrorNote.tsx'
import { FormActions } from '../../parts/Field.tsx'
import form from '../../parts/Form.module.css'
import { onlyChanged, useRecordDraft } from '../../parts/record-draft.ts'
import { toast, toastFailure } from '../../parts/Toast.tsx'
import { WhatChanges } from '../../parts/WhatChanges.tsx'
import { api } from '../../shell/api.ts'
import { isFailure } from '../../shell/failure.ts'
import { queryClient } from '../../shell/query-client.ts'
import { staffQuery } from '../accounts/queries.ts'
import { environmentDraftOf, environmentFieldsOf, fieldName } from './environment-draft.ts'
import { EnvironmentFields } from './EnvironmentFields.tsx'
import { environmentQuery, type EnvironmentRow } from './queries.ts'
import { t } from './words.ts'

type Wanted = Partial<ReturnType<typeof environmentFieldsOf>>

const refresh = (): void => void queryClient.invalidateQueries({ queryKey: ['environments'] })

/** @param expects what is overwritten; refused when it is something else by now */
const send = async (slug: string, wanted: Wanted, expects: Wanted): Promise<void> => {
  const changed = await api('PATCH /api/environments/:environment', { environment: slug, ...wanted, expects })
  queryClient.setQueryData(environmentQuery(slug).queryKey, changed)
  refresh()
}

const useSave = (slug: string, onSaved: () => void) =>
  useMutation({
    mutationFn: ({ wanted, expects }: { wanted: Wanted; expects: Wanted }) => send(slug, wanted, expects),
    onSuccess: (_, { wanted, expects }) => {
      toast({ text: t('saved', { slug }), undo: () => void send(slug, expects, wanted).catch(toastFailure) })
      onSaved()
    },
    onError: (error) => (isFailure(error) && error.code === 'conflict' ? refresh() : undefined),
  })

const EditEnvironment = ({ environment, onClose }: { environment: EnvironmentRow; onClose: () => void }) => {
  const { slug } = environment
  const staff = useQuery(staffQuery).data?.rows ?? []
  const { draft, base, changes, overtaken, field, rebase } = useRecordDraft(environmentDraftOf(environment))
  const save = useSave(slug, onClose)
  const failure = isFailure(save.error) ? save.error : undefined
  const isConflict = failure?.code === 'conflict'
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    save.mutate({
      wanted: onlyChanged(environmentFieldsOf(draft), changes),
      expects: onlyChanged(environmentFieldsOf(base), changes),
    })
  }
  return (
    <Dialog open onClose={onClose} title={t('edit-title', { slug })} wide>
      <form onSubmit={submit} className={form.form}>
        <EnvironmentFields field={field} faults={isConflict ? {} : (failure?.fields ?? {})} />
        <WhatChanges
          changes={changes}
          overtaken={overtaken}
          nameOf={fieldName}
          textOf={(value, name) =>
            name === 'deliveryManager' ? (staff.find(({ id }) => id === value)?.name ?? value) : value
          }
          onCompare={() => {
            save.reset()
            rebase()
          }}
        />
        {failure && !isConflict ? <ErrorNote error={failure} small /> : null}
        <FormActions>
          <Button
            type="submit"
            tone="primary"
            busy={save.isPending}
            disabled={changes.length === 0 || overtaken.length > 0}
          >
            {t('save')}
          </Button>
        </FormActions>
      </form>
    </Dialog>
  )
}
export default EditEnvironment
