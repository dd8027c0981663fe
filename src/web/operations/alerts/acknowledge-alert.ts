/** Takes an alert: on screen at once, taken back on screen if the server says no. */
import { useMutation } from '@tanstack/react-query'
import { toast, toastFailure } from '../../parts/Toast.tsx'
import { api } from '../../shell/api.ts'
import { queryClient } from '../../shell/query-client.ts'
import { alertQuery, type AlertDetail } from './queries.ts'
import { t } from './words.ts'

export const useAcknowledgeAlert = () =>
  useMutation({
    mutationFn: ({ id }: { id: string; name: string }) =>
      api('POST /api/alerts/:alertId/acknowledge', { alertId: id }),
    onMutate: ({ id }) => {
      const { queryKey } = alertQuery(id)
      const before = queryClient.getQueryData<AlertDetail>(queryKey)
      if (before) {
        queryClient.setQueryData<AlertDetail>(queryKey, {
          ...before,
          status: 'acknowledged',
          can: { ...before.can, acknowledge: false, unacknowledge: true },
        })
      }
      return { before }
    },
    onSuccess: (alert, { name }) => {
      queryClient.setQueryData(alertQuery(alert.id).queryKey, alert)
      toast({ text: t('acknowledged', { name }) })
    },
    onError: (error, { id }, context) => {
      if (context?.before) queryClient.setQueryData(alertQuery(id).queryKey, context.before)
      toastFailure(error)
    },
    onSettled: () => void queryClient.invalidateQueries({ queryKey: ['alerts'] }),
  })
