/** Proves a way that is there already: for the first time, or again after long silence. */
import { useMutation } from '@tanstack/react-query'
import { useEffect } from 'react'
import { Dialog } from '../../parts/Dialog.tsx'
import { ErrorNote } from '../../parts/ErrorNote.tsx'
import { api } from '../../shell/api.ts'
import { EnterCode } from './EnterCode.tsx'
import type { ContactMethod } from './queries.ts'
import { t } from './words.ts'

const ProveMethod = ({ method, onClose }: { method: ContactMethod; onClose: () => void }) => {
  const send = useMutation({
    mutationFn: () => api('POST /api/me/contact-methods/:methodId/code', { methodId: method.id }),
  })
  const { mutate } = send
  // The press that opened this asked for a code.
  useEffect(() => mutate(), [mutate])
  return (
    <Dialog open onClose={onClose} title={t('code-title')}>
      {send.error ? <ErrorNote error={send.error} small /> : null}
      <EnterCode method={method} sent={send.data?.code} onDone={onClose} />
    </Dialog>
  )
}
export default ProveMethod
