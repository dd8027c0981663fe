/** The next hand-over of a rota and the note for it; below it the last note that was read. */
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { dayAndTime } from '../../../messages/format.ts'
import { Button } from '../../../parts/Button.tsx'
import { ErrorNote } from '../../../parts/ErrorNote.tsx'
import { Panel } from '../../../parts/Page.tsx'
import { Prose } from '../../../parts/Prose.tsx'
import { useReader } from '../../../parts/reader.ts'
import { SkeletonLines } from '../../../parts/Skeleton.tsx'
import type { ScheduleRow } from '../queries.ts'
import styles from '../RotaLists.module.css'
import { handOverQuery, notesQuery, type HandOverNote, type NextHandOver } from './queries.ts'
import { t } from './words.ts'

const WriteNote = lazy(() => import('./WriteNote.tsx'))

const names = (people: readonly { readonly name: string }[]): string =>
  people.length === 0 ? t('nobody') : people.map(({ name }) => name).join(', ')

export const Note = ({ note }: { note: HandOverNote }) => {
  const reader = useReader()
  return (
    <>
      <Prose text={note.text} />
      <p className="dim">
        {t('written-by', { name: note.writtenBy.name, when: dayAndTime(note.writtenAt, reader) })}
      </p>
    </>
  )
}

const Next = ({ next }: { next: NextHandOver }) => {
  const reader = useReader()
  return (
    <div className={styles.swap}>
      <p className={styles.who}>
        {t('next', { incoming: names(next.incoming), outgoing: names(next.outgoing) })}
      </p>
      <p className="dim">{dayAndTime(next.at, reader)}</p>
      {next.note ? <Note note={next.note} /> : <p className="dim">{t('no-note')}</p>}
    </div>
  )
}

const HandOver = ({ schedule }: { schedule: ScheduleRow }) => {
  const reader = useReader()
  const { data, error, refetch } = useQuery(handOverQuery(schedule.slug))
  const notes = useQuery(notesQuery(schedule.slug)).data?.rows ?? []
  const [writing, setWriting] = useState(false)
  const next = data?.next
  const last = notes.find(({ id }) => id !== next?.note?.id)
  return (
    <Panel
      title={t('title')}
      actions={
        next && data.can.write ? (
          <Button size="small" tone="quiet" onClick={() => setWriting(true)}>
            {t(next.note ? 'change' : 'write')}
          </Button>
        ) : null
      }
    >
      {error ? <ErrorNote error={error} onRetry={refetch} small /> : null}
      {next ? (
        <Next next={next} />
      ) : data ? (
        <p className="dim">{t('never')}</p>
      ) : error ? null : (
        <SkeletonLines lines={3} />
      )}
      {last ? (
        <details>
          <summary>{t('earlier', { when: dayAndTime(last.at, reader) })}</summary>
          <Note note={last} />
        </details>
      ) : null}
      <Suspense>
        {writing && next ? (
          <WriteNote schedule={schedule} next={next} onClose={() => setWriting(false)} />
        ) : null}
      </Suspense>
    </Panel>
  )
}
export default HandOver
