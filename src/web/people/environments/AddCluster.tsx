/** Recording a cluster of an environment. */
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
import { isFailure } from '../../shell/failure.ts'
import { queryClient } from '../../shell/query-client.ts'
import { t } from './words.ts'

const AddCluster = ({ environment, onClose }: { environment: string; onClose: () => void }) => {
  const { draft, field } = useDraft({ name: '', role: 'workload', version: '', kubeSystemUid: '' })
  const add = useMutation({
    mutationFn: () =>
      api('POST /api/environments/:environment/clusters', {
        environment,
        name: draft.name,
        role: draft.role === 'management' ? 'management' : 'workload',
        ...(draft.version ? { version: draft.version } : {}),
        ...(draft.kubeSystemUid ? { kubeSystemUid: draft.kubeSystemUid.trim() } : {}),
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
        <TextField label={t('name')} required mono fault={faults['name']} {...field('name')} />
        <div className={form.pair}>
          <Select
            label={t('cluster-role')}
            {...field('role')}
            choices={(['workload', 'management'] as const).map((role) => ({
              value: role,
              label: t(`role-${role}`),
            }))}
          />
          <TextField label={t('version')} optional fault={faults['version']} {...field('version')} />
        </div>
        <TextField
          label={t('kube-system-uid')}
          hint={t('kube-system-uid-hint', {
            command: 'kubectl get ns kube-system -o jsonpath={.metadata.uid}',
          })}
          optional
          mono
          fault={faults['kubeSystemUid']}
          {...field('kubeSystemUid')}
        />
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
