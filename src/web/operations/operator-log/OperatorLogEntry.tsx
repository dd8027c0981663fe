/** One entry: who did what, by what right, with what; the recording in a player; what the customer was told. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { lazy, Suspense, useRef, useState } from 'react'
import { byteSize } from '../../messages/format.ts'
import { Badge, Tag } from '../../parts/Badge.tsx'
import { Button } from '../../parts/Button.tsx'
import { ErrorNote } from '../../parts/ErrorNote.tsx'
import { useKeys } from '../../parts/keys.ts'
import { Columns, Fact, Facts, Page, Panel } from '../../parts/Page.tsx'
import { Prose } from '../../parts/Prose.tsx'
import { Row, Rows } from '../../parts/Rows.tsx'
import { SkeletonLines } from '../../parts/Skeleton.tsx'
import { TimeText } from '../../parts/TimeText.tsx'
import { toast, toastFailure } from '../../parts/Toast.tsx'
import { useCommands } from '../../shell/commands.ts'
import { queryClient } from '../../shell/query-client.ts'
import { useMay } from '../../shell/session.ts'
import { attachFile } from './attach-file.ts'
import { KindBadge } from './KindBadge.tsx'
import { entryQuery, type EntryDetail } from './queries.ts'
import { RecordingPanel } from './RecordingPanel.tsx'
import { t } from './words.ts'

const Release = lazy(() => import('./Release.tsx'))
const route = getRouteApi('/frame/operator-log/$entryId')

const Decision = ({ entry }: { entry: EntryDetail }) => {
  if (entry.decision)
    return (
      <Link to="/decisions/$decisionId" params={{ decisionId: entry.decision.id }} className="link">
        {entry.decision.number}
      </Link>
    )
  return entry.recording?.changedWithoutDecision ? (
    <Badge tone="red">{t('no-decision-change')}</Badge>
  ) : (
    <span className="dim">{entry.recording?.kind === 'look' ? t('no-decision') : '–'}</span>
  )
}

const EntryFacts = ({ entry }: { entry: EntryDetail }) => (
  <Panel>
    <Facts>
      <Fact name={t('who')}>{entry.author.name}</Fact>
      <Fact name={t('when')}>
        <TimeText at={entry.at} show="exact" />
      </Fact>
      <Fact name={t('environment')}>
        <Link
          to="/environments/$environment"
          params={{ environment: entry.environment.slug }}
          className="link"
        >
          {entry.environment.name}
        </Link>
      </Fact>
      {entry.recording ? (
        <Fact name={t('column-kind')}>
          <KindBadge {...entry.recording} />
        </Fact>
      ) : null}
      <Fact name={t('decision')}>
        <Decision entry={entry} />
      </Fact>
      {entry.tooling ? <Fact name={t('tooling')}>{entry.tooling}</Fact> : null}
      {entry.links.length > 0 ? (
        <Fact name={t('links')}>
          {entry.links.map((link) => (
            <div key={link}>
              <Prose text={link} />
            </div>
          ))}
        </Fact>
      ) : null}
    </Facts>
  </Panel>
)

const Attachments = ({ entry }: { entry: EntryDetail }) => {
  const may = useMay()
  const chooser = useRef<HTMLInputElement>(null)
  const attach = useMutation({
    mutationFn: (file: File) => attachFile(entry.id, file),
    onSuccess: (changed, file) => {
      queryClient.setQueryData(entryQuery(entry.id).queryKey, changed)
      toast({ text: t('attached', { name: file.name }) })
    },
    onError: toastFailure,
  })
  return (
    <Panel
      title={t('attachments')}
      flush={entry.attachments.length > 0}
      actions={
        entry.can.attach ? (
          <>
            <input
              ref={chooser}
              type="file"
              hidden
              onChange={(event) => {
                const file = event.target.files?.[0]
                if (file) attach.mutate(file)
                event.target.value = ''
              }}
            />
            <Button size="small" icon="plus" busy={attach.isPending} onClick={() => chooser.current?.click()}>
              {t('attach')}
            </Button>
          </>
        ) : null
      }
    >
      {entry.attachments.length === 0 ? (
        <p className="dim">{t('no-attachments')}</p>
      ) : (
        <Rows label={t('attachments')}>
          {entry.attachments.map((file) => (
            <Row
              key={file.id}
              {...(may('recordings.read')
                ? { href: `/api/operator-log/${entry.id}/attachments/${file.id}` }
                : {})}
              title={file.fileName}
              note={byteSize(file.size)}
              end={<TimeText at={file.at} still />}
            />
          ))}
        </Rows>
      )}
    </Panel>
  )
}

const Loaded = ({ entry }: { entry: EntryDetail }) => {
  const { at } = route.useSearch()
  const navigate = route.useNavigate()
  const may = useMay()
  const [releasing, setReleasing] = useState(false)
  const verbs = entry.can.release
    ? [{ id: 'release', keys: 'r', label: t('release'), run: () => setReleasing(true) }]
    : []
  useKeys(verbs)
  useCommands({ subject: `${entry.environment.slug}/${entry.number}`, commands: verbs })
  return (
    <Page
      title={`${entry.number} ${entry.what}`}
      name={entry.what}
      lead={<span className="number dim">{entry.number}</span>}
      crumbs={[
        { label: t('title'), link: { to: '/operator-log' } },
        {
          label: entry.environment.slug,
          link: { to: '/operator-log', search: { environment: entry.environment.slug } },
        },
      ]}
      actions={verbs.map((verb) => (
        <Button key={verb.id} keys={verb.keys} onClick={verb.run}>
          {verb.label}
        </Button>
      ))}
    >
      <Columns>
        {entry.recording && may('recordings.read') ? (
          <RecordingPanel
            recordingId={entry.recording.id}
            at={at}
            onAt={(seconds) => void navigate({ search: { at: seconds }, replace: true, resetScroll: false })}
          />
        ) : null}
      </Columns>
      <Columns
        rail={
          <>
            <EntryFacts entry={entry} />
            <Attachments entry={entry} />
            {entry.releasedSummary === null ? null : (
              <Panel title={t('released-to-customer')}>
                <Prose text={entry.releasedSummary} />
              </Panel>
            )}
          </>
        }
      >
        <Panel title={t('summary')} actions={<Tag>{t(`category-${entry.category}`)}</Tag>}>
          {entry.summary.trim() ? <Prose text={entry.summary} /> : <p className="dim">{t('no-summary')}</p>}
        </Panel>
      </Columns>
      <Suspense>{releasing ? <Release entry={entry} onClose={() => setReleasing(false)} /> : null}</Suspense>
    </Page>
  )
}

export const OperatorLogEntry = () => {
  const { entryId } = route.useParams()
  const { data, error, refetch } = useQuery(entryQuery(entryId))
  if (data) return <Loaded entry={data} />
  return (
    <Page title={t('title')} name="…" crumbs={[{ label: t('title'), link: { to: '/operator-log' } }]}>
      <Columns>{error ? <ErrorNote error={error} onRetry={refetch} /> : <SkeletonLines lines={8} />}</Columns>
    </Page>
  )
}
