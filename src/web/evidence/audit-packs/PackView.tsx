/** One audit pack: being built, ready to be taken away, or why there is none. */
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { byteSize, dayAndTime } from '../../messages/format.ts'
import { buttonLook } from '../../parts/Button.tsx'
import { Command } from '../../parts/EmptyState.tsx'
import { ErrorNote } from '../../parts/ErrorNote.tsx'
import { Columns, Fact, Facts, Page, Panel } from '../../parts/Page.tsx'
import { useReader } from '../../parts/reader.ts'
import { SkeletonLines } from '../../parts/Skeleton.tsx'
import { TimeText } from '../../parts/TimeText.tsx'
import styles from '../ledger/Ledger.module.css'
import { packQuery, type Pack } from '../queries.ts'
import { t } from '../words.ts'
import { packName, PackStatus } from './pack-columns.tsx'
import { Period } from './Period.tsx'

const route = getRouteApi('/frame/evidence/packs/$packId')

const Ready = ({ pack }: { pack: Pack }) => {
  const reader = useReader()
  if (pack.downloadUrl === null) return null
  return (
    <Panel title={t('download')}>
      <div className={styles.stack}>
        <div>
          <a href={pack.downloadUrl} className={buttonLook('primary')} download>
            {t('download')} {pack.size === null ? '' : byteSize(pack.size)}
          </a>
        </div>
        {pack.keptUntil === null ? null : (
          <p className="dim">{t('kept-until', { when: dayAndTime(pack.keptUntil, reader) })}</p>
        )}
        <p>{t('verify-text')}</p>
        <Command text="fortnight verify pack.zip --policy keys.txt" />
      </div>
    </Panel>
  )
}

const Failed = ({ pack }: { pack: Pack }) =>
  pack.failure === null ? null : (
    <Panel title={t('failure')}>
      <div className={styles.stack}>
        <p>{pack.failure.detail}</p>
        {pack.failure.findings.length > 0 ? (
          <pre className={styles.bytes}>{pack.failure.findings.join('\n')}</pre>
        ) : null}
      </div>
    </Panel>
  )

const Loaded = ({ pack }: { pack: Pack }) => (
  <Page
    title={`${t('pack')} ${packName(pack)}`}
    name={packName(pack)}
    crumbs={[{ label: t('tab-packs'), link: { to: '/evidence', search: { tab: 'packs' } } }]}
  >
    <Columns narrow>
      <Panel title={t('pack')}>
        <Facts>
          <Fact name={t('column-status')}>
            <PackStatus pack={pack} />
          </Fact>
          <Fact name={t('period')}>
            <Period of={pack} />
          </Fact>
          <Fact name={t('purpose')}>{pack.purpose ?? t('erased')}</Fact>
          <Fact name={t('column-by')}>
            {pack.requestedBy.name}, <TimeText at={pack.requestedAt} />
          </Fact>
          {pack.entries === null ? null : <Fact name={t('entries')}>{pack.entries}</Fact>}
          {pack.sha256 === null ? null : (
            <Fact name={t('sha256')}>
              <span className="mono wrap">{pack.sha256}</span>
            </Fact>
          )}
        </Facts>
      </Panel>
      <Ready pack={pack} />
      <Failed pack={pack} />
    </Columns>
  </Page>
)

export const PackView = () => {
  const { packId } = route.useParams()
  const { data, error, refetch } = useQuery(packQuery(packId))
  if (data) return <Loaded pack={data} />
  return (
    <Page
      title={t('pack')}
      name="…"
      crumbs={[{ label: t('tab-packs'), link: { to: '/evidence', search: { tab: 'packs' } } }]}
    >
      <Columns narrow>
        {error ? <ErrorNote error={error} onRetry={refetch} /> : <SkeletonLines lines={5} />}
      </Columns>
    </Page>
  )
}
