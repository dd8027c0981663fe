/** What is recorded about an environment, while somebody types it. */
import type { Input } from '../../shell/api.ts'
import type { EnvironmentRow } from './queries.ts'
import { t } from './words.ts'

const names = {
  name: 'name',
  plan: 'plan',
  provider: 'provider',
  version: 'version',
  components: 'components',
  commissionedOn: 'commissioned-on',
  deliveryManager: 'delivery-manager',
  role: 'cluster-role',
  kubeSystemUid: 'kube-system-uid',
} as const

/** What a field of an environment or a cluster is called. */
export const fieldName = (field: string): string =>
  field in names ? t(names[field as keyof typeof names]) : field

export type EnvironmentDraft = {
  readonly name: string
  readonly plan: string
  readonly provider: string
  readonly version: string
  readonly components: string
  readonly commissionedOn: string
  readonly deliveryManager: string
}

export const emptyEnvironment: EnvironmentDraft = {
  name: '',
  plan: '',
  provider: '',
  version: '',
  components: '',
  commissionedOn: '',
  deliveryManager: '',
}

export const environmentDraftOf = (environment: EnvironmentRow): EnvironmentDraft => ({
  name: environment.name,
  plan: environment.plan ?? '',
  provider: environment.provider ?? '',
  version: environment.version ?? '',
  components: environment.components.join(', '),
  commissionedOn: environment.commissionedOn ?? '',
  deliveryManager: environment.deliveryManager?.id ?? '',
})

const textOrNull = (text: string): string | null => (text.trim() === '' ? null : text.trim())

/** Empty fields are cleared. */
export const environmentFieldsOf = (
  draft: EnvironmentDraft,
): Omit<Input<'PATCH /api/environments/:environment'>, 'environment' | 'expects'> & { name: string } => ({
  name: draft.name,
  plan: textOrNull(draft.plan),
  provider: textOrNull(draft.provider),
  version: textOrNull(draft.version),
  components: draft.components
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean),
  commissionedOn: textOrNull(draft.commissionedOn),
  deliveryManager: textOrNull(draft.deliveryManager),
})
