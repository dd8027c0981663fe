/** One step in an incident: sent, and the whole incident as it then stands put on screen. */
import { useMutation } from '@tanstack/react-query'
import { toastFailure } from '../../parts/Toast.tsx'
import type { IncidentCommandInput } from '../../../contract/operations/incidents.ts'
import { api } from '../../shell/api.ts'
import { queryClient } from '../../shell/query-client.ts'
import { incidentQuery } from './queries.ts'

export type { IncidentCommandInput }

/** @param quiet the caller shows what went wrong itself */
export const useIncidentCommand = (incidentId: string, quiet = false) =>
  useMutation({
    mutationFn: (command: IncidentCommandInput) =>
      api('POST /api/incidents/:incidentId/commands', { incidentId, ...command }),
    onSuccess: (incident) => {
      queryClient.setQueryData(incidentQuery(incidentId).queryKey, incident)
      void queryClient.invalidateQueries({ queryKey: ['incidents'], refetchType: 'none' })
    },
    onError: quiet ? () => undefined : toastFailure,
  })

export type SendCommand = ReturnType<typeof useIncidentCommand>['mutate']
