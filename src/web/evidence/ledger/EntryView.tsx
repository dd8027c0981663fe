/** One entry: what it says, the bytes that are hashed, and the proof that it stands in the log. */
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, type LinkProps } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { byteSize } from '../../messages/format.ts'
import { Badge } from '../../parts/Badge.tsx'
import { Button } from '../../parts/Button.tsx'
import { ErrorNote } from '../../parts/ErrorNote.tsx'
import { Columns, Fact, Facts, Page, Panel } from '../../parts/Page.tsx'
import { SkeletonLines } from '../../parts/Skeleton.tsx'
import { TimeText } from '../../parts/TimeText.tsx'
import { useMay } from '../../shell/session.ts'
import { entryQuery, type Entry } from '../queries.ts'
import { t } from '../words.ts'
import styles from './Ledger.module.css'
import { logName } from './log-columns.tsx'

const Erase = lazy(() => import('./Erase.tsx'))
const route = getRouteApi('/frame/evidence/entries/$entryId')

/** Records that have a page of their own. */
const placeOf = ([kind, id]: Entry['refs'][number]): LinkProps | undefined => {
  switch (kind) {
    case 'alert':
      return { to: '/alerts/$alertId', params: { alertId: id } }
    case 'incident':
      return { to: '/incidents/$incidentId', params: { incidentId: id } }
    case 'decision':
      return { to: '/decisions/$decisionId', params: { decisionId: id } }
    case 'recording':
    case 'session':
      return { to: '/operator-log/recordings/$recordingId', params: { recordingId: id } }
    case 'log-entry':
      return { to: '/operator-log/$entryId', params: { entryId: id } }
    default:
      return undefined
  }
}

const Words = ({ entry }: { entry: Entry }) => (
  <Panel title={t('entry-words')}>
    {entry.values.length === 0 ? <p className="dim">{t('entry-no-words')}</p> : null}
    <dl className={styles.values}>
      {entry.values.map(({ name, value, digest }) => (
        <div key={digest}>
          <dt>{name}</dt>
          <dd>{typeof value === 'string' ? value : JSON.stringify(value, undefined, 2)}</dd>
        </div>
      ))}
      {entry.erased.map((erased) => (
        <div key={erased.digest}>
          <dt>
            {erased.field} <Badge>{t('erased')}</Badge>
          </dt>
          <dd>
            {erased.reason} <TimeText at={erased.at} />
          </dd>
        </div>
      ))}
    </dl>
  </Panel>
)

const Proof = ({ entry }: { entry: Entry }) => (
  <Panel title={t('entry-proof')}>
    <div className={styles.stack}>
      {entry.proof ? (
        <>
          <Badge tone="green">{t('proof-in', { size: entry.proof.size })}</Badge>
          <details>
            <summary>{t('proof-show')}</summary>
            <pre className={styles.bytes}>
              {[...entry.proof.hashes, '', entry.proof.checkpoint].join('\n')}
            </pre>
          </details>
        </>
      ) : (
        <Badge tone="blue">{t('proof-none')}</Badge>
      )}
      <p className="dim">{t('entry-bytes-text')}</p>
      <pre className={styles.bytes}>{entry.leaf}</pre>
      <Facts>
        <Fact name={t('entry-hash')}>
          <span className="mono wrap">{entry.leafHash}</span>
        </Fact>
      </Facts>
    </div>
  </Panel>
)

const About = ({ entry }: { entry: Entry }) => (
  <Panel>
    <Facts>
      <Fact name={t('column-type')}>
        <span className="mono">{entry.type}</span>
      </Fact>
      <Fact name={t('column-who')}>{entry.actor.person?.name ?? entry.actor.kind}</Fact>
      <Fact name={t('via')}>{entry.via}</Fact>
      <Fact name={t('column-at')}>
        <TimeText at={entry.at} show="exact" />
      </Fact>
      <Fact name={t('recorded-at')}>
        <TimeText at={entry.recordedAt} show="exact" />
      </Fact>
      {entry.refs.length > 0 ? (
        <Fact name={t('entry-about')}>
          {entry.refs.map((ref) => {
            const place = placeOf(ref)
            return (
              <div key={ref.join(' ')}>
                {place ? (
                  <Link {...place} className="link">
                    {ref[0]}
                  </Link>
                ) : (
                  <span className="dim">{ref[0]}</span>
                )}
              </div>
            )
          })}
        </Fact>
      ) : null}
      {entry.blobs.length > 0 ? (
        <Fact name={t('entry-files')}>
          {entry.blobs.map((blob) => (
            <div key={blob.sha256}>
              {blob.kind}, {byteSize(blob.size)} <span className={`${styles.root} wrap`}>{blob.sha256}</span>
            </div>
          ))}
        </Fact>
      ) : null}
    </Facts>
  </Panel>
)

const Loaded = ({ entry }: { entry: Entry }) => {
  const may = useMay()
  const [erasing, setErasing] = useState(false)
  const mayErase = may('evidence.erase') && entry.values.length > 0
  return (
    <Page
      title={t('entry-title', { number: entry.number })}
      name={entry.headline ?? entry.type}
      lead={<span className="number dim">{entry.number}</span>}
      crumbs={[
        { label: t('title'), link: { to: '/evidence' } },
        { label: logName(entry), link: { to: '/evidence/logs/$log', params: { log: entry.log } } },
      ]}
      actions={mayErase ? <Button onClick={() => setErasing(true)}>{t('erase')}</Button> : null}
    >
      <Columns rail={<About entry={entry} />}>
        <Words entry={entry} />
        <Proof entry={entry} />
      </Columns>
      <Suspense>{erasing ? <Erase entry={entry} onClose={() => setErasing(false)} /> : null}</Suspense>
    </Page>
  )
}

export const EntryView = () => {
  const { entryId } = route.useParams()
  const { data, error, refetch } = useQuery(entryQuery(entryId))
  if (data) return <Loaded entry={data} />
  return (
    <Page title={t('entry')} name="…" crumbs={[{ label: t('title'), link: { to: '/evidence' } }]}>
      <Columns>{error ? <ErrorNote error={error} onRetry={refetch} /> : <SkeletonLines lines={8} />}</Columns>
    </Page>
  )
}
