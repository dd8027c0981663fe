/** Changing a cluster, or putting it away. */
import { useMutation } from '@tanstack/react-query'
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
import { clusterDraftOf, clusterFieldsOf, type Cluster } from './cluster-draft.ts'
import { ClusterFields } from './ClusterFields.tsx'
import { fieldName } from './environment-draft.ts'
import { t } from './words.ts'

type Wanted = Partial<ReturnType<typeof clusterFieldsOf>>

const refresh = (): void => void queryClient.invalidateQueries({ queryKey: ['environments'] })

const send = async (clusterId: string, wanted: Wanted, expects: Wanted): Promise<void> => {
  await api('PATCH /api/clusters/:clusterId', { clusterId, ...wanted, expects })
  refresh()
}

const useSave = (cluster: Cluster, onSaved: () => void) =>
  useMutation({
    mutationFn: ({ wanted, expects }: { wanted: Wanted; expects: Wanted }) =>
      send(cluster.id, wanted, expects),
    onSuccess: (_, { wanted, expects }) => {
      toast({
        text: t('cluster-saved', { name: wanted.name ?? cluster.name }),
        undo: () => void send(cluster.id, expects, wanted).catch(toastFailure),
      })
      onSaved()
    },
    onError: (error) => (isFailure(error) && error.code === 'conflict' ? refresh() : undefined),
  })

const EditCluster = ({
  cluster,
  onArchive,
  onClose,
}: {
  cluster: Cluster
  onArchive: () => void
  onClose: () => void
}) => {
  const { draft, base, changes, overtaken, field, rebase } = useRecordDraft(clusterDraftOf(cluster))
  const save = useSave(cluster, onClose)
  const failure = isFailure(save.error) ? save.error : undefined
  const isConflict = failure?.code === 'conflict'
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    save.mutate({
      wanted: onlyChanged(clusterFieldsOf(draft), changes),
      expects: onlyChanged(clusterFieldsOf(base), changes),
    })
  }
  return (
    <Dialog open onClose={onClose} title={t('edit-title', { slug: cluster.name })}>
      <form onSubmit={submit} className={form.form}>
        <ClusterFields field={field} faults={isConflict ? {} : (failure?.fields ?? {})} />
        <WhatChanges
          changes={changes}
          overtaken={overtaken}
          nameOf={fieldName}
          onCompare={() => {
            save.reset()
            rebase()
          }}
        />
        {failure && !isConflict ? <ErrorNote error={failure} small /> : null}
        <FormActions>
          <Button onClick={onArchive}>{t('archive')} …</Button>
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
export default EditCluster
