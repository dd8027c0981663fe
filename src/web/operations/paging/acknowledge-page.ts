/** Takes a page: shown as taken at once, and again as not taken if somebody was faster. */
import { useMutation } from '@tanstack/react-query'
import { toast, toastFailure } from '../../parts/Toast.tsx'
import { api, type Reply } from '../../shell/api.ts'
import { queryClient } from '../../shell/query-client.ts'
import { unresolvedPagesQuery, type PageRow } from './queries.ts'
import { t } from './words.ts'

type List = Reply<'GET /api/pages'>
const { queryKey } = unresolvedPagesQuery

export const useAcknowledgePage = () =>
  useMutation({
    mutationFn: ({ id }: PageRow) => api('POST /api/pages/:pageId/acknowledge', { pageId: id }),
    onMutate: ({ id }) => {
      const before = queryClient.getQueryData<List>(queryKey)
      if (before)
        queryClient.setQueryData<List>(queryKey, {
          ...before,
          rows: before.rows.map((row) =>
            row.id === id ? { ...row, status: 'acknowledged', can: { acknowledge: false } } : row,
          ),
        })
      return { before }
    },
    onSuccess: (_, { title }) => toast({ text: t('acknowledged', { title }) }),
    onError: (error, _, context) => {
      if (context?.before) queryClient.setQueryData(queryKey, context.before)
      toastFailure(error)
    },
    onSettled: () => {
      void queryClient.invalidateQueries({ queryKey: ['pages'] })
      void queryClient.invalidateQueries({ queryKey: ['alerts'] })
    },
  })
