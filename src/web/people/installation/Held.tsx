/** After a restore: what would fire, what the sources still report, and the release. */
import { queryOptions, useMutation, useQuery } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { dayAndTime } from '../../messages/format.ts'
import { Badge, Priority } from '../../parts/Badge.tsx'
import { Button } from '../../parts/Button.tsx'
import { useDraft } from '../../parts/draft.ts'
import { ErrorNote } from '../../parts/ErrorNote.tsx'
import { Checkbox, FormActions, TextArea } from '../../parts/Field.tsx'
import form from '../../parts/Form.module.css'
import { Panel } from '../../parts/Page.tsx'
import { useReader } from '../../parts/reader.ts'
import { Row, Rows } from '../../parts/Rows.tsx'
import { Settled } from '../../parts/Settled.tsx'
import { TimeText } from '../../parts/TimeText.tsx'
import { toast } from '../../parts/Toast.tsx'
import { api, type Reply } from '../../shell/api.ts'
import { queryClient } from '../../shell/query-client.ts'
import { useMay } from '../../shell/session.ts'
import styles from '../accounts/Settings.module.css'
import { t } from '../accounts/words.ts'

type HeldState = Reply<'GET /api/installation/held'>

const heldQuery = queryOptions({
  queryKey: ['installation', 'held'],
  queryFn: ({ signal }) => api('GET /api/installation/held', {}, { signal }),
  // Sources speak again while somebody is looking.
  refetchInterval: 10_000,
})

const HeldPages = ({ pages }: Pick<HeldState, 'pages'>) =>
  pages.length === 0 ? null : (
    <Panel title={t('held-pages')} flush>
      <Rows label={t('held-pages')}>
        {pages.map((page) => (
          <Row
            key={page.id}
            href={`/pages/${page.id}`}
            lead={<Priority level={page.priority} />}
            title={page.title}
            note={t('held-page', { environment: page.environment, count: page.unfinishedIntents })}
            end={<TimeText at={page.requestedAt} still />}
          />
        ))}
      </Rows>
    </Panel>
  )

const HeldAlerts = ({ alerts, alertCounts }: Pick<HeldState, 'alerts' | 'alertCounts'>) =>
  alerts.length === 0 ? null : (
    <Panel
      title={t('held-alerts')}
      flush
      actions={
        <span className="dim">
          {t('held-alerts-seen', { seen: alertCounts.seenSince, all: alertCounts.notClosed })}
        </span>
      }
    >
      <Rows label={t('held-alerts')}>
        {alerts.map((alert) => (
          <Row
            key={alert.id}
            tall
            link={{ to: '/alerts/$alertId', params: { alertId: alert.id } }}
            lead={<Priority level={alert.priority} />}
            title={alert.name}
            note={alert.environment.slug}
            end={
              <Badge tone={alert.seenSince ? 'amber' : 'neutral'}>
                {alert.seenSince ? t('held-seen') : t('held-not-seen')}
              </Badge>
            }
          />
        ))}
      </Rows>
    </Panel>
  )

const Release = ({ kinds }: Pick<HeldState, 'kinds'>) => {
  const { draft, set, field } = useDraft<{ expire: readonly string[]; reason: string }>({
    expire: [],
    reason: '',
  })
  const still = kinds.filter(({ standsStill }) => standsStill)
  const release = useMutation({
    mutationFn: () =>
      api('POST /api/installation/held/release', { expire: [...draft.expire], reason: draft.reason }),
    onSuccess: ({ released }) => {
      void queryClient.invalidateQueries()
      toast({ text: t('held-released', { count: released.length }) })
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    release.mutate()
  }
  return (
    <form onSubmit={submit} className={form.form}>
      <fieldset className={form.form}>
        <legend className={form.legend}>{t('held-kinds')}</legend>
        {still.length === 0 ? <p className="dim">{t('held-kinds-empty')}</p> : null}
        {still.map((kind) => (
          <Checkbox
            key={kind.kind}
            label={`${kind.kind}: ${t('held-expire')}`}
            hint={t('held-kind', { waiting: kind.waiting, due: kind.due, backup: kind.fromBackup })}
            checked={draft.expire.includes(kind.kind)}
            onChange={(event) =>
              set({
                expire: event.target.checked
                  ? [...draft.expire, kind.kind]
                  : draft.expire.filter((one) => one !== kind.kind),
              })
            }
          />
        ))}
      </fieldset>
      <TextArea label={t('held-reason')} required rows={2} maxLength={500} {...field('reason')} />
      {release.error ? <ErrorNote error={release.error} small /> : null}
      <FormActions>
        <Button type="submit" tone="danger" busy={release.isPending}>
          {t('held-release')}
        </Button>
      </FormActions>
    </form>
  )
}

export const Held = () => {
  const may = useMay()
  const reader = useReader()
  return (
    <Settled query={useQuery(heldQuery)} lines={6}>
      {({ held, kinds, pages, alerts, alertCounts }) =>
        held === null ? null : (
          <>
            <Panel title={<Badge tone="red">{t('state-held')}</Badge>}>
              <p>
                {held.reason} <TimeText at={held.since} />
              </p>
              {held.backup ? (
                <p>{t('held-backup', { when: dayAndTime(held.backup.takenAt, reader) })}</p>
              ) : null}
              <p className={styles.text}>{t('held-explain')}</p>
              {may('installation.change') ? <Release kinds={kinds} /> : null}
            </Panel>
            <HeldPages pages={pages} />
            <HeldAlerts alerts={alerts} alertCounts={alertCounts} />
          </>
        )
      }
    </Settled>
  )
}
