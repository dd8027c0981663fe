/** Keeps an escalation policy, tells what was kept, and takes it back on request. */
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { toast, toastFailure } from '../../../parts/Toast.tsx'
import { api } from '../../../shell/api.ts'
import { isFailure } from '../../../shell/failure.ts'
import { queryClient } from '../../../shell/query-client.ts'
import type { Policy } from '../queries.ts'
import { definitionOf, type PolicyDraft } from './policy-draft.ts'
import { t } from './words.ts'

const refresh = (): void => void queryClient.invalidateQueries({ queryKey: ['on-call'] })

/** Only while nobody has changed it since. */
const takeBack = async ({ id, name, steps, repeat, fallback }: Policy, ifVersion: number): Promise<void> => {
  try {
    await api('PUT /api/escalation-policies/:policy', {
      policy: id,
      name,
      steps,
      repeat,
      fallback,
      ifVersion,
    })
    toast({ text: t('undone', { name }) })
  } catch (error) {
    toastFailure(error)
  }
  refresh()
}

export const useSavePolicy = (base: Policy | undefined) => {
  const navigate = useNavigate()
  return useMutation({
    mutationFn: (draft: PolicyDraft) =>
      base
        ? api('PUT /api/escalation-policies/:policy', {
            policy: base.id,
            name: draft.name,
            ...definitionOf(draft),
            ifVersion: base.version,
          })
        : api('POST /api/escalation-policies', {
            slug: draft.slug,
            name: draft.name,
            ...definitionOf(draft),
          }),
    onSuccess: (saved) => {
      refresh()
      toast({
        text: t('policy-saved', { name: saved.name }),
        ...(base && saved.version !== base.version ? { undo: () => void takeBack(base, saved.version) } : {}),
      })
      void navigate({ to: '/on-call', search: { view: 'escalation' }, ignoreBlocker: true })
    },
    onError: (error) => (isFailure(error) && error.code === 'conflict' ? refresh() : undefined),
  })
}
