/** This week and the next, as the rota has them. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { shortDate } from '../messages/format.ts'
import { onCallNowQuery, timelineQuery, type OnCallNow } from '../operations/on-call/queries.ts'
import { RotaPicture } from '../operations/on-call/RotaPicture.tsx'
import { Panel } from '../parts/Page.tsx'
import { useReader } from '../parts/reader.ts'
import { Skeleton } from '../parts/Skeleton.tsx'
import { useMe } from '../shell/session.ts'
import { fortnightAt, MOST_ROTAS } from './read-home.ts'
import styles from './FortnightStrip.module.css'
import { Settled } from '../parts/Settled.tsx'
import { t } from './words.ts'

const OneRota = ({ schedule, named }: { schedule: OnCallNow['schedule']; named: boolean }) => {
  const reader = useReader()
  const me = useMe()
  const [{ monday, from, to }] = useState(() => fortnightAt(Date.now(), reader.zone))
  const query = useQuery(timelineQuery(schedule.slug, from, to))
  return (
    <div>
      {named ? <h3 className={styles.name}>{schedule.name}</h3> : null}
      <Settled query={query}>
        {(timeline) => (
          <RotaPicture
            timeline={timeline}
            monday={monday}
            weeks={2}
            mine={me.account.id}
            label={t('fortnight-of', {
              schedule: schedule.name,
              from: shortDate(from, reader),
              to: shortDate(to - 1, reader),
            })}
          />
        )}
      </Settled>
    </div>
  )
}

export const FortnightStrip = () => {
  const query = useQuery(onCallNowQuery)
  const schedules = query.data?.rows.slice(0, MOST_ROTAS).map(({ schedule }) => schedule)
  // That it failed is said where the names are.
  if (schedules?.length === 0 || (query.error && !query.data)) return null
  return (
    <Panel
      title={t('fortnight')}
      actions={
        <Link to="/on-call" className="dim">
          {t('rota')}
        </Link>
      }
    >
      <div className={styles.rotas}>
        {schedules?.map((schedule) => (
          <OneRota key={schedule.id} schedule={schedule} named={schedules.length > 1} />
        )) ?? <Skeleton height="136px" />}
      </div>
    </Panel>
  )
}
