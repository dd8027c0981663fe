/** Sends one verb of a window and shows the window as it then stands. */
import { useMutation } from '@tanstack/react-query'
import { toast } from '../../parts/Toast.tsx'
import { isFailure } from '../../shell/failure.ts'
import { queryClient } from '../../shell/query-client.ts'
import { windowQuery, type WindowDetail } from './queries.ts'

type Verb = { readonly send: () => Promise<WindowDetail>; readonly said: (window: WindowDetail) => string }

export const useWindowVerb = ({ send, said }: Verb, done: () => void) => {
  const verb = useMutation({
    mutationFn: send,
    onSuccess: (window) => {
      queryClient.setQueryData(windowQuery(window.id).queryKey, window)
      for (const area of ['maintenance', 'alerts', 'pages'])
        void queryClient.invalidateQueries({ queryKey: [area] })
      toast({ text: said(window) })
      done()
    },
  })
  return { verb, faults: isFailure(verb.error) ? verb.error.fields : {} }
}
