/** A cluster while somebody types it. */
import type { EnvironmentRow } from './queries.ts'

export type Cluster = EnvironmentRow['clusters'][number]
export type ClusterDraft = {
  readonly name: string
  readonly role: string
  readonly version: string
  readonly kubeSystemUid: string
}

export const emptyCluster: ClusterDraft = { name: '', role: 'workload', version: '', kubeSystemUid: '' }

export const clusterDraftOf = ({ name, role, version, kubeSystemUid }: Cluster): ClusterDraft => ({
  name,
  role,
  version: version ?? '',
  kubeSystemUid: kubeSystemUid ?? '',
})

const textOrNull = (text: string): string | null => (text.trim() === '' ? null : text.trim())

/** Empty fields are cleared. */
export const clusterFieldsOf = (draft: ClusterDraft) => ({
  name: draft.name.trim(),
  role: draft.role === 'management' ? ('management' as const) : ('workload' as const),
  version: textOrNull(draft.version),
  kubeSystemUid: textOrNull(draft.kubeSystemUid),
})
