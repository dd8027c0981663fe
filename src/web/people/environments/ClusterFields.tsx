/** The fields of a cluster, for a new one and for a change. */
import { Select, TextField } from '../../parts/Field.tsx'
import form from '../../parts/Form.module.css'
import type { ClusterDraft } from './cluster-draft.ts'
import { t } from './words.ts'

type Bind = (name: keyof ClusterDraft) => {
  value: string
  onChange: (event: { target: { value: string } }) => void
}

export const ClusterFields = ({
  field,
  faults,
}: {
  field: Bind
  faults: Readonly<Record<string, string>>
}) => (
  <>
    <TextField label={t('name')} required mono maxLength={63} fault={faults['name']} {...field('name')} />
    <div className={form.pair}>
      <Select
        label={t('cluster-role')}
        fault={faults['role']}
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
  </>
)
