/** Keeps a rota, tells what was kept, and takes it back on request. */
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { toast, toastFailure } from '../../../parts/Toast.tsx'
import { api } from '../../../shell/api.ts'
import { isFailure } from '../../../shell/failure.ts'
import { queryClient } from '../../../shell/query-client.ts'
import { definitionOf, type RotaDetail, type RotaDraft } from './rota-draft.ts'
import { t } from './words.ts'

const refresh = (): void => void queryClient.invalidateQueries({ queryKey: ['on-call'] })

/** Only while nobody has changed it since: an undo that overwrites somebody else's work would be none. */
const takeBack = async (
  { id, name, layers, combine, restHours }: RotaDetail,
  ifVersion: number,
): Promise<void> => {
  try {
    await api('PUT /api/schedules/:schedule', { schedule: id, name, layers, combine, restHours, ifVersion })
    toast({ text: t('undone', { name }) })
  } catch (error) {
    toastFailure(error)
  }
  refresh()
}

export const useSaveRota = (base: RotaDetail | undefined) => {
  const navigate = useNavigate()
  return useMutation({
    mutationFn: (draft: RotaDraft) =>
      base
        ? api('PUT /api/schedules/:schedule', {
            schedule: base.id,
            name: draft.name,
            ...definitionOf(draft),
            ifVersion: base.version,
          })
        : api('POST /api/schedules', { slug: draft.slug, name: draft.name, ...definitionOf(draft) }),
    onSuccess: ({ schedule, stored }, { name }) => {
      refresh()
      toast({
        text: t('rota-saved', { name }),
        ...(base && stored && schedule ? { undo: () => void takeBack(base, schedule.version) } : {}),
      })
      void navigate({
        to: '/on-call',
        search: schedule ? { schedule: schedule.slug } : {},
        ignoreBlocker: true,
      })
    },
    // The rota is read anew: what the other one did is shown beside what was written.
    onError: (error) => (isFailure(error) && error.code === 'conflict' ? refresh() : undefined),
  })
}
