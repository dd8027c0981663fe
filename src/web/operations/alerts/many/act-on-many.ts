/** Sends one act on many alerts, follows it while the server goes on, and tells how it ended. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { toast, toastFailure } from '../../../parts/Toast.tsx'
import { api, type Input, type Reply } from '../../../shell/api.ts'
import { queryClient } from '../../../shell/query-client.ts'
import type { AlertRow } from '../queries.ts'
import { t } from '../words.ts'
import { takeBack, type Act } from './take-back.ts'

type Which = Input<'POST /api/alerts/bulk'>['which']
type Progress = Reply<'POST /api/alerts/bulk'>
export type Asked = {
  readonly which: Which
  readonly act: Act
  /** The alerts as they were, where they are known. */
  readonly rows: readonly AlertRow[]
}

const POLL_MS = 1_000
const refresh = (): void => void queryClient.invalidateQueries({ queryKey: ['alerts'] })

const tell = ({ changed, passedOver }: Progress, { act, rows }: Asked): void => {
  refresh()
  const back = takeBack(act, rows)
  toast({
    text:
      passedOver === 0
        ? t('many-done', { count: changed })
        : t('many-done-some', { changed, passed: passedOver }),
    ...(back && changed > 0 ? { undo: () => void back().catch(toastFailure).finally(refresh) } : {}),
  })
}

/** @param onSent called when the server has taken it; what goes on after that is `progress` */
export const useActOnMany = (onSent: () => void) => {
  const send = useMutation({
    mutationFn: ({ which, act }: Asked) => api('POST /api/alerts/bulk', { which, act }),
    onSuccess: (reply, asked) => {
      if (reply.finished) tell(reply, asked)
      onSent()
    },
  })
  const first = send.data
  const goesOn = first !== undefined && !first.finished
  const { data, error } = useQuery({
    // Not among the alerts: their every change would ask again.
    queryKey: ['alerts-bulk', first?.id],
    queryFn: ({ signal }) => api('GET /api/alerts/bulk/:bulkId', { bulkId: first?.id ?? '' }, { signal }),
    enabled: goesOn,
    refetchInterval: ({ state }) => (state.data?.finished ? false : POLL_MS),
  })
  const { variables, reset } = send
  useEffect(() => {
    if (!goesOn) return
    if (error) toastFailure(error)
    else if (!data?.finished || data.id !== first?.id) return
    else if (variables) tell(data, variables)
    reset()
  }, [goesOn, data, error, first, variables, reset])
  const progress: Progress | undefined = goesOn ? (data ?? first) : undefined
  return { send, progress }
}
