/** How one wants to be told, as it stands, and the one way to change it. */
import { queryOptions, useMutation } from '@tanstack/react-query'
import { toast } from '../../../parts/Toast.tsx'
import { api, type Reply } from '../../../shell/api.ts'
import { queryClient } from '../../../shell/query-client.ts'
import { t } from './words.ts'

export const rulesQuery = queryOptions({
  queryKey: ['self', 'notification-rules'],
  queryFn: ({ signal }) => api('GET /api/me/notification-rules', {}, { signal }),
})

export type Standing = Reply<'GET /api/me/notification-rules'>
export type Rule = Standing['rules'][number]
export type Way = Standing['ways'][number]

/** Refused when somebody, perhaps oneself in another window, was faster. */
export const useKeepRules = (standing: Standing, onDone: () => void) =>
  useMutation({
    mutationFn: ({
      rules = standing.rules,
      quiet = standing.quiet,
    }: Partial<Pick<Standing, 'rules' | 'quiet'>>) =>
      api('PUT /api/me/notification-rules', { rules, quiet, expects: standing.version }),
    onSuccess: (kept) => {
      queryClient.setQueryData(rulesQuery.queryKey, kept)
      toast({ text: t('saved') })
      onDone()
    },
    onError: () => void queryClient.invalidateQueries({ queryKey: rulesQuery.queryKey }),
  })
