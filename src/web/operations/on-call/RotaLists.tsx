/** The rota in words: shifts, overrides and what should be looked at. */
import { useMutation } from '@tanstack/react-query'
import { dayAndTime } from '../../messages/format.ts'
import { Badge } from '../../parts/Badge.tsx'
import { Button } from '../../parts/Button.tsx'
import { Panel } from '../../parts/Page.tsx'
import { useReader } from '../../parts/reader.ts'
import { Table, type Column } from '../../parts/Table.tsx'
import { toast, toastFailure } from '../../parts/Toast.tsx'
import { TimeText } from '../../parts/TimeText.tsx'
import { api } from '../../shell/api.ts'
import { queryClient } from '../../shell/query-client.ts'
import { useMe } from '../../shell/session.ts'
import type { ScheduleRow, Timeline } from './queries.ts'
import styles from './RotaLists.module.css'
import { t } from './words.ts'

type Stretch = {
  readonly key: string
  readonly name: string | null
  readonly from: number
  readonly to: number
  readonly why: string
}

const whyOf = ({ source, forwardedFrom }: Timeline['shifts'][number]): string => {
  if (forwardedFrom) return t('answers-for', { name: forwardedFrom.name })
  return source.kind === 'override' ? t('by-override') : t('by-rotation', { rotation: source.rotationId })
}

/** Shifts and gaps in one order: what the picture shows, for who cannot see it. */
const stretchesOf = ({ shifts, gaps }: Timeline): readonly Stretch[] =>
  [
    ...shifts.map((shift) => ({
      key: `shift ${shift.from} ${shift.person.id} ${JSON.stringify(shift.source)}`,
      name: shift.person.name,
      from: shift.from,
      to: shift.to,
      why: whyOf(shift),
    })),
    ...gaps.map((gap) => ({
      key: `gap ${gap.from}`,
      name: null,
      from: gap.from,
      to: gap.to,
      why: gap.onPurpose ? t('on-purpose') : '',
    })),
  ].toSorted((a, b) => a.from - b.from)

const columns: readonly Column<Stretch>[] = [
  {
    key: 'person',
    title: t('column-person'),
    width: 'minmax(0, 1fr)',
    card: 'title',
    cell: (row) => row.name ?? <Badge tone="red">{t('nobody')}</Badge>,
  },
  {
    key: 'from',
    title: t('column-from'),
    width: '10.5rem',
    card: 'meta',
    cell: (row) => <TimeText at={row.from} show="exact" still />,
  },
  {
    key: 'to',
    title: t('column-until'),
    width: '10.5rem',
    card: 'meta',
    cell: (row) => <TimeText at={row.to} show="exact" still />,
  },
  { key: 'why', title: t('column-why'), width: '9rem', card: 'meta', cell: (row) => row.why },
]

export const ShiftList = ({ timeline }: { timeline: Timeline }) => (
  <Panel title={t('shifts')} flush>
    <Table label={t('shifts')} columns={columns} rows={stretchesOf(timeline)} idOf={({ key }) => key} />
  </Panel>
)

const MOST_FINDINGS = 8

/** @param onCover absent for who may put nobody on call */
export const Findings = ({
  findings,
  onCover,
}: {
  findings: ScheduleRow['findings']
  onCover: ((stretch: { from: number; to: number }) => void) | undefined
}) => {
  const reader = useReader()
  const rest = findings.length - MOST_FINDINGS
  return findings.length === 0 ? null : (
    <Panel title={t('findings')}>
      <ul className={styles.findings}>
        {findings.slice(0, MOST_FINDINGS).map((finding) => (
          <li key={`${finding.code} ${finding.from} ${finding.person?.id ?? ''}`}>
            <Badge tone={finding.severity}>
              <span className={styles.sentence}>{finding.detail}</span>
            </Badge>
            <p className="dim">{t('finding-from', { when: dayAndTime(finding.from, reader) })}</p>
            {finding.code === 'on-call-while-away' && onCover ? (
              <Button size="small" tone="quiet" onClick={() => onCover(finding)}>
                {t('find-cover')}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      {rest > 0 ? <p className="dim">{t('findings-more', { count: rest })}</p> : null}
    </Panel>
  )
}

const useRemove = (timeline: Timeline) =>
  useMutation({
    mutationFn: (override: Timeline['overrides'][number]) =>
      api('DELETE /api/schedules/:schedule/overrides/:override', {
        schedule: timeline.schedule.id,
        override: override.id,
      }),
    onSuccess: (_, { person, from, to, rotationIds, reason }) => {
      void queryClient.invalidateQueries({ queryKey: ['on-call'] })
      toast({
        text: t('override-removed'),
        undo: () =>
          void api('POST /api/schedules/:schedule/overrides', {
            schedule: timeline.schedule.id,
            accountId: person?.id ?? null,
            from,
            to,
            ...(rotationIds ? { rotationIds } : {}),
            ...(reason ? { reason } : {}),
          })
            .catch(toastFailure)
            .finally(() => void queryClient.invalidateQueries({ queryKey: ['on-call'] })),
      })
    },
    onError: toastFailure,
  })

export const Overrides = ({ timeline }: { timeline: Timeline }) => {
  const reader = useReader()
  const me = useMe()
  const remove = useRemove(timeline)
  return (
    <Panel title={t('overrides')}>
      <ul className={styles.overrides}>
        {timeline.overrides.map((override) => (
          <li key={override.id}>
            <div>
              <p className={styles.who}>
                {override.person?.name ?? t('override-nobody')}
                {override.person?.id === me.account.id ? ` (${t('you')})` : ''}
              </p>
              <p className="dim">
                {dayAndTime(override.from, reader)} – {dayAndTime(override.to, reader)}
              </p>
              {override.rotationIds ? (
                <p className="dim">{t('override-scope', { rotations: override.rotationIds.join(', ') })}</p>
              ) : null}
              {override.swapId ? <p className="dim">{t('override-by-swap')}</p> : null}
              {override.reason ? <p className="wrap">{override.reason}</p> : null}
              {override.addedBy && !override.swapId ? (
                <p className="dim">{t('override-by', { name: override.addedBy.name })}</p>
              ) : null}
            </div>
            {override.can.remove ? (
              <Button
                size="small"
                tone="quiet"
                busy={remove.isPending}
                onClick={() => remove.mutate(override)}
              >
                {t('remove')}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
    </Panel>
  )
}
