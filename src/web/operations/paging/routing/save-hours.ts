/** Keeps service hours and which environment has them, tells what was kept, and takes it back on request. */
import { toast, toastFailure } from '../../../parts/Toast.tsx'
import { api } from '../../../shell/api.ts'
import { queryClient } from '../../../shell/query-client.ts'
import type { Definition } from './hours-draft.ts'
import type { Hours } from './queries.ts'
import { t } from './words.ts'

const refresh = (): void => void queryClient.invalidateQueries({ queryKey: ['on-call'] })

type Wanted = Definition & Pick<Hours, 'name' | 'slug'>

const replace = (id: string, { name, zone, windows, holidays }: Wanted, ifVersion: number) =>
  api('PUT /api/service-hours/:hours', { hours: id, name, zone, windows, holidays, ifVersion })

const archive = (id: string) => api('POST /api/service-hours/:hours/archive', { hours: id })

const attempt = (act: () => Promise<unknown>) => (): void => {
  void act().catch(toastFailure).finally(refresh)
}

/** @param before as they were looked at; absent for new ones. @throws Failure */
export const saveHours = async (before: Hours | undefined, wanted: Wanted): Promise<void> => {
  try {
    const kept = before
      ? await replace(before.id, wanted, before.version)
      : await api('POST /api/service-hours', wanted)
    toast({
      text: t('hours-saved', kept),
      undo: attempt(() => (before ? replace(before.id, before, kept.version) : archive(kept.id))),
    })
  } finally {
    refresh()
  }
}

const assign = (environment: string, hours: string | null) =>
  api('PUT /api/environments/:environment/service-hours', { environment, hours })

/** @param before the hours that the environment had. @throws Failure */
export const assignHours = async (
  environment: { readonly id: string; readonly slug: string; readonly name: string },
  hours: Hours | undefined,
  before: Hours | undefined,
): Promise<void> => {
  await assign(environment.slug, hours?.slug ?? null)
  refresh()
  toast({
    text: hours
      ? t('assigned', { environment: environment.name, hours: hours.name })
      : t('assigned-none', { environment: environment.name }),
    undo: attempt(() => assign(environment.slug, before?.slug ?? null)),
  })
}

export const putAway = (hours: Hours): Promise<void> =>
  archive(hours.id)
    .then(() => toast({ text: t('put-away-done', hours) }), toastFailure)
    .finally(refresh)
