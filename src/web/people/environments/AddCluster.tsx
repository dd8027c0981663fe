/** Recording a cluster of an environment. */
import { useMutation } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { Button } from '../../parts/Button.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { useDraft } from '../../parts/draft.ts'
import { ErrorNote } from '../../parts/ErrorNote.tsx'
import { FormActions } from '../../parts/Field.tsx'
import form from '../../parts/Form.module.css'
import { toast } from '../../parts/Toast.tsx'
import { api } from '../../shell/api.ts'
import { isFailure } from '../../shell/failure.ts'
import { queryClient } from '../../shell/query-client.ts'
import { clusterFieldsOf, emptyCluster } from './cluster-draft.ts'
import { ClusterFields } from './ClusterFields.tsx'
import { t } from './words.ts'

const AddCluster = ({ environment, onClose }: { environment: string; onClose: () => void }) => {
  const { draft, field } = useDraft(emptyCluster)
  const add = useMutation({
    mutationFn: () =>
      api('POST /api/environments/:environment/clusters', {
        environment,
        ...clusterFieldsOf(draft),
      }),
    onSuccess: (cluster) => {
      void queryClient.invalidateQueries({ queryKey: ['environments'] })
      toast({ text: t('cluster-added', cluster) })
      onClose()
    },
  })
  const faults = isFailure(add.error) ? add.error.fields : {}
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    add.mutate()
  }
  return (
    <Dialog open onClose={onClose} title={t('add-cluster')}>
      <form onSubmit={submit} className={form.form}>
        <ClusterFields field={field} faults={faults} />
        {add.error ? <ErrorNote error={add.error} small /> : null}
        <FormActions>
          <Button type="submit" tone="primary" busy={add.isPending}>
            {t('add-cluster')}
          </Button>
        </FormActions>
      </form>
    </Dialog>
  )
}
export default AddCluster
