/** A recorded shell that has no entry yet: it is still open, or was abandoned. */
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Badge } from '../../parts/Badge.tsx'
import { Columns, Fact, Facts, Page, Panel } from '../../parts/Page.tsx'
import { TimeText } from '../../parts/TimeText.tsx'
import { KindBadge } from './KindBadge.tsx'
import { recordingQuery, type Recording } from './queries.ts'
import { RecordingPanel } from './RecordingPanel.tsx'
import { t } from './words.ts'

const route = getRouteApi('/frame/operator-log/recordings/$recordingId')

const RecordingFacts = ({ recording }: { recording: Recording }) => (
  <Panel>
    <Facts>
      <Fact name={t('who')}>{recording.operator.name}</Fact>
      <Fact name={t('environment')}>
        <Link
          to="/environments/$environment"
          params={{ environment: recording.environment.slug }}
          className="link"
        >
          {recording.environment.name}
        </Link>
      </Fact>
      <Fact name={t('column-kind')}>
        <KindBadge {...recording} />
      </Fact>
      {recording.decision ? (
        <Fact name={t('decision')}>
          <Link to="/decisions/$decisionId" params={{ decisionId: recording.decision.id }} className="link">
            {recording.decision.number}
          </Link>
        </Fact>
      ) : null}
      <Fact name={t('host')}>{recording.host}</Fact>
      <Fact name={t('shell')}>{recording.shell}</Fact>
      <Fact name={t('began')}>
        <TimeText at={recording.startedAt} />
      </Fact>
      {recording.closedAt === null ? null : (
        <Fact name={t('ended')}>
          <TimeText at={recording.closedAt} />
        </Fact>
      )}
      {recording.entry ? (
        <Fact name={t('title')}>
          <Link to="/operator-log/$entryId" params={{ entryId: recording.entry.id }} className="link">
            {recording.entry.number}
          </Link>
        </Fact>
      ) : null}
    </Facts>
  </Panel>
)

export const RecordingPage = () => {
  const { recordingId } = route.useParams()
  const { at } = route.useSearch()
  const navigate = route.useNavigate()
  const { data } = useQuery(recordingQuery(recordingId))
  return (
    <Page
      title={data ? `${data.operator.name}, ${data.environment.slug}` : t('recording')}
      crumbs={[{ label: t('title'), link: { to: '/operator-log', search: { view: 'sessions' } } }]}
      lead={data && data.state !== 'closed' ? <Badge tone="blue">{t(data.state)}</Badge> : null}
    >
      <Columns rail={data ? <RecordingFacts recording={data} /> : null}>
        <RecordingPanel
          recordingId={recordingId}
          at={at}
          onAt={(seconds) => void navigate({ search: { at: seconds }, replace: true, resetScroll: false })}
        />
      </Columns>
    </Page>
  )
}
