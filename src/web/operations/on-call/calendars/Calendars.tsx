/** Secret links with which a calendar program shows duty: one's own, made and revoked here. */
import { queryOptions, useMutation, useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { Button } from '../../../parts/Button.tsx'
import { Panel } from '../../../parts/Page.tsx'
import { toast, toastFailure } from '../../../parts/Toast.tsx'
import { api, type Reply } from '../../../shell/api.ts'
import { queryClient } from '../../../shell/query-client.ts'
import type { ScheduleRow } from '../queries.ts'
import styles from '../RotaLists.module.css'
import { t } from './words.ts'

const MakeCalendar = lazy(() => import('./MakeCalendar.tsx'))

type Feed = Reply<'GET /api/calendar-feeds'>['rows'][number]

const feedsQuery = queryOptions({
  queryKey: ['on-call', 'calendar-feeds'],
  queryFn: ({ signal }) => api('GET /api/calendar-feeds', {}, { signal }),
})

const nameOf = ({ of, subject: { name } }: Feed): string => (of === 'person' ? t('person') : t(of, { name }))

export const Calendars = ({ schedules }: { schedules: readonly ScheduleRow[] }) => {
  const rows = useQuery(feedsQuery).data?.rows ?? []
  const [making, setMaking] = useState(false)
  const revoke = useMutation({
    mutationFn: (feed: string) => api('DELETE /api/calendar-feeds/:feed', { feed }),
    onSuccess: () => toast({ text: t('revoked') }),
    onError: toastFailure,
    onSettled: () => void queryClient.invalidateQueries({ queryKey: feedsQuery.queryKey }),
  })
  return (
    <Panel
      title={t('title')}
      actions={
        <Button size="small" tone="quiet" icon="plus" onClick={() => setMaking(true)}>
          {t('add')}
        </Button>
      }
    >
      {rows.length === 0 ? <p className="dim">{t('empty')}</p> : null}
      <ul className={styles.overrides}>
        {rows.map((feed) => (
          <li key={feed.id}>
            <div>
              <p className={styles.who}>{nameOf(feed)}</p>
              <p className="dim">{t('hint', { hint: feed.hint })}</p>
            </div>
            <Button
              size="small"
              tone="quiet"
              busy={revoke.isPending}
              aria-label={t('revoke-name', { what: nameOf(feed), hint: feed.hint })}
              onClick={() => revoke.mutate(feed.id)}
            >
              {t('revoke')}
            </Button>
          </li>
        ))}
      </ul>
      <Suspense>
        {making ? <MakeCalendar schedules={schedules} onClose={() => setMaking(false)} /> : null}
      </Suspense>
    </Panel>
  )
}
