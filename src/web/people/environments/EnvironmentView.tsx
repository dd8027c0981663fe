/** The page for a Tuesday with the customer on the phone: what they run, what is open, what was decided and done last. */
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { calendarDate } from '../../messages/format.ts'
import { Tag } from '../../parts/Badge.tsx'
import { Button } from '../../parts/Button.tsx'
import { ErrorNote } from '../../parts/ErrorNote.tsx'
import { useKeys } from '../../parts/keys.ts'
import { Columns, Fact, Facts, Page, Panel } from '../../parts/Page.tsx'
import { useReader } from '../../parts/reader.ts'
import { SkeletonLines } from '../../parts/Skeleton.tsx'
import { Tabs, type Tab } from '../../parts/Tabs.tsx'
import { useMay } from '../../shell/session.ts'
import { t as heartbeatWords } from '../../operations/heartbeats/words.ts'
import { t as phoneWords } from '../../operations/phone-lines/words.ts'
import { Clusters } from './Clusters.tsx'
import styles from './EnvironmentView.module.css'
import { LastDecisions, LastWork, OpenAlertsHere, OpenIncidentsHere } from './Happenings.tsx'
import { Keys } from './Keys.tsx'
import { environmentQuery, type EnvironmentRow } from './queries.ts'
import { t } from './words.ts'

const Heartbeats = lazy(async () => ({
  default: (await import('../../operations/heartbeats/Heartbeats.tsx')).Heartbeats,
}))
const PhoneLines = lazy(async () => ({
  default: (await import('../../operations/phone-lines/PhoneLines.tsx')).PhoneLines,
}))
const EditEnvironment = lazy(() => import('./EditEnvironment.tsx'))
const route = getRouteApi('/frame/environments/$environment')

const EnvironmentFacts = ({ environment }: { environment: EnvironmentRow }) => {
  const reader = useReader()
  return (
    <Panel>
      <Facts>
        <Fact name={t('customer')}>{environment.customer.name}</Fact>
        <Fact name={t('delivery-manager')}>{environment.deliveryManager?.name ?? t('nobody')}</Fact>
        <Fact name={t('plan')}>{environment.plan ?? '–'}</Fact>
        <Fact name={t('provider')}>{environment.provider ?? '–'}</Fact>
        <Fact name={t('version')}>{environment.version ?? '–'}</Fact>
        <Fact name={t('commissioned-on')}>
          {environment.commissionedOn ? calendarDate(environment.commissionedOn, reader) : '–'}
        </Fact>
        {environment.components.length > 0 ? (
          <Fact name={t('components')}>
            <span className={styles.tags}>
              {environment.components.map((component) => (
                <Tag key={component}>{component}</Tag>
              ))}
            </span>
          </Fact>
        ) : null}
      </Facts>
    </Panel>
  )
}

const useTabs = (slug: string): readonly Tab[] => {
  const { tab } = route.useSearch()
  const may = useMay()
  const here = { to: '/environments/$environment', params: { environment: slug } } as const
  const search = { environment: slug }
  return [
    { label: t('overview'), link: here, open: tab === undefined },
    ...(may('alerts.read')
      ? [{ label: t('link-alerts'), link: { to: '/alerts', search } as const, open: false }]
      : []),
    ...(may('incidents.read')
      ? [{ label: t('link-incidents'), link: { to: '/incidents', search } as const, open: false }]
      : []),
    { label: t('link-decisions'), link: { to: '/decisions', search }, open: false },
    { label: t('link-operator-log'), link: { to: '/operator-log', search }, open: false },
    ...(may('alerts.read')
      ? [
          {
            label: heartbeatWords('heartbeats'),
            link: { ...here, search: { tab: 'heartbeats' as const } },
            open: tab === 'heartbeats',
          },
          {
            label: phoneWords('phone-lines'),
            link: { ...here, search: { tab: 'phone-lines' as const } },
            open: tab === 'phone-lines',
          },
        ]
      : []),
    ...(may('keys.change')
      ? [{ label: t('keys'), link: { ...here, search: { tab: 'keys' as const } }, open: tab === 'keys' }]
      : []),
  ]
}

const Overview = ({ environment }: { environment: EnvironmentRow }) => {
  const may = useMay()
  const { slug } = environment
  return (
    <Columns
      rail={
        <>
          <EnvironmentFacts environment={environment} />
          <Clusters environment={environment} />
        </>
      }
    >
      {may('incidents.read') ? <OpenIncidentsHere environment={slug} /> : null}
      {may('alerts.read') ? <OpenAlertsHere environment={slug} /> : null}
      <LastDecisions environment={slug} />
      <LastWork environment={slug} />
    </Columns>
  )
}

const Loaded = ({ environment }: { environment: EnvironmentRow }) => {
  const { tab } = route.useSearch()
  const may = useMay()
  const tabs = useTabs(environment.slug)
  const [editing, setEditing] = useState(false)
  const mayEdit = may('environments.change')
  useKeys(mayEdit ? [{ keys: 'e', label: t('edit'), run: () => setEditing(true) }] : [])
  return (
    <Page
      title={environment.name}
      lead={<Tag>{environment.slug}</Tag>}
      crumbs={[
        {
          label: environment.customer.name,
          link: { to: '/customers', search: { customer: environment.customer.slug } },
        },
      ]}
      bar={<Tabs tabs={tabs} />}
      actions={
        mayEdit ? (
          <Button keys="e" onClick={() => setEditing(true)}>
            {t('edit')}
          </Button>
        ) : null
      }
    >
      {tab === 'keys' && may('keys.change') ? (
        <Keys environment={environment.slug} />
      ) : tab === 'heartbeats' && may('alerts.read') ? (
        <Suspense fallback={<SkeletonLines lines={8} />}>
          <Heartbeats environment={environment.slug} />
        </Suspense>
      ) : tab === 'phone-lines' && may('alerts.read') ? (
        <Suspense fallback={<SkeletonLines lines={8} />}>
          <PhoneLines environment={environment.slug} />
        </Suspense>
      ) : (
        <Overview environment={environment} />
      )}
      <Suspense>
        {editing ? <EditEnvironment environment={environment} onClose={() => setEditing(false)} /> : null}
      </Suspense>
    </Page>
  )
}

export const EnvironmentView = () => {
  const { environment } = route.useParams()
  const { data, error, refetch } = useQuery(environmentQuery(environment))
  if (data) return <Loaded environment={data} />
  return (
    <Page title={t('environment')} name={environment}>
      <Columns>{error ? <ErrorNote error={error} onRetry={refetch} /> : <SkeletonLines lines={8} />}</Columns>
    </Page>
  )
}
