/** Opens an incident from an alert in one press, and goes there. */
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { toast, toastFailure } from '../../parts/Toast.tsx'
import { api } from '../../shell/api.ts'
import { queryClient } from '../../shell/query-client.ts'
import { t } from './words.ts'

export const useOpenIncident = () => {
  const navigate = useNavigate()
  return useMutation({
    mutationFn: ({ id }: { id: string }) => api('POST /api/incidents', { alertId: id }),
    onSuccess: (incident) => {
      toast({ text: t('incident-opened', { number: incident.number }) })
      void queryClient.invalidateQueries({ queryKey: ['alerts'] })
      void queryClient.invalidateQueries({ queryKey: ['incidents'] })
      void navigate({ to: '/incidents/$incidentId', params: { incidentId: incident.id } })
    },
    onError: toastFailure,
  })
}
