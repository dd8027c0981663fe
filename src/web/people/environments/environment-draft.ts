/** What is recorded about an environment, while somebody types it. */
import type { Input } from '../../shell/api.ts'
import type { EnvironmentRow } from './queries.ts'

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
): Omit<Input<'PATCH /api/environments/:environment'>, 'environment'> & { name: string } => ({
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
