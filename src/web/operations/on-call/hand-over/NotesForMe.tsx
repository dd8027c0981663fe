/** On the home view: the note for whoever takes over, from half a day before. Where there is none, nothing is said. */
import { useQuery } from '@tanstack/react-query'
import { Panel } from '../../../parts/Page.tsx'
import { Note } from './HandOver.tsx'
import { notesForMeQuery } from './queries.ts'
import { t } from './words.ts'

const NotesForMe = () => {
  const rows = useQuery(notesForMeQuery).data?.rows ?? []
  return rows.map((note) => (
    <Panel key={note.id} title={t('for-you', { schedule: note.schedule.name })}>
      <Note note={note} />
    </Panel>
  ))
}
export default NotesForMe
