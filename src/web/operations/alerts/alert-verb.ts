/** Sends one verb of an alert, shows the alert as it then stands, and offers the way back where there is one. */
import { useMutation } from '@tanstack/react-query'
import { toast, toastFailure } from '../../parts/Toast.tsx'
import { queryClient } from '../../shell/query-client.ts'
import { alertQuery, type AlertDetail } from './queries.ts'

export type Verb = {
  readonly send: () => Promise<AlertDetail>
  /** What is said when it is done. */
  readonly said: string
  readonly undo?: () => Promise<AlertDetail>
}

const show = (alert: AlertDetail): void => {
  queryClient.setQueryData(alertQuery(alert.id).queryKey, alert)
  void queryClient.invalidateQueries({ queryKey: ['alerts'] })
}

/** @param done called when the server has said yes; a form closes then, and keeps its words when it says no */
export const useAlertVerb = (done?: () => void) =>
  useMutation({
    mutationFn: ({ send }: Verb) => send(),
    onSuccess: (alert, { said, undo }) => {
      show(alert)
      done?.()
      toast({
        text: said,
        ...(undo ? { undo: () => void undo().then(show, toastFailure) } : {}),
      })
    },
    // A form shows the failure itself.
    ...(done ? {} : { onError: toastFailure }),
  })
