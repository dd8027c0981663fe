/** Sends a file as it is: the body is the file, its name is in the address. */
import { failureOf, offline } from '../../shell/failure.ts'
import type { EntryDetail } from './queries.ts'

export const attachFile = async (entryId: string, file: File): Promise<EntryDetail> => {
  const address = `/api/operator-log/${entryId}/attachments?fileName=${encodeURIComponent(file.name)}`
  const answer = await fetch(address, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/octet-stream' },
    body: file,
  }).catch(() => {
    throw offline()
  })
  if (!answer.ok) throw await failureOf(answer)
  return (await answer.json()) as EntryDetail
}
