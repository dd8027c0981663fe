/** What can be proved: the logs and how far each has come, and the packs that auditors take away. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { Button } from '../parts/Button.tsx'
import { EmptyState } from '../parts/EmptyState.tsx'
import { ErrorNote } from '../parts/ErrorNote.tsx'
import { useKeys } from '../parts/keys.ts'
import { Listing } from '../parts/Listing.tsx'
import { Columns, Page } from '../parts/Page.tsx'
import { Table } from '../parts/Table.tsx'
import { Tabs } from '../parts/Tabs.tsx'
import { useMay } from '../shell/session.ts'
import { packColumns } from './audit-packs/pack-columns.tsx'
import { Contradictions } from './ledger/Contradictions.tsx'
import { LedgerStrip } from './ledger/LedgerStrip.tsx'
import { logColumns } from './ledger/log-columns.tsx'
import { ledgerQuery, packsQuery } from './queries.ts'
import { t } from './words.ts'

const HandIn = lazy(() => import('./ledger/HandIn.tsx'))
const RequestPack = lazy(() => import('./audit-packs/RequestPack.tsx'))
const route = getRouteApi('/frame/evidence')

const Logs = () => {
  const { data, error, refetch } = useQuery(ledgerQuery)
  if (error && !data)
    return (
      <Columns>
        <ErrorNote error={error} onRetry={refetch} />
      </Columns>
    )
  if (data?.logs.length === 0)
    return (
      <EmptyState icon="evidence" title={t('empty-title')}>
        {t('empty-text')}
      </EmptyState>
    )
  return (
    <>
      {data ? <LedgerStrip ledger={data} /> : null}
      {data && data.contradictions.length > 0 ? <Contradictions ledger={data} /> : null}
      <Table
        label={t('tab-logs')}
        columns={logColumns}
        rows={data?.logs}
        idOf={({ id }) => id}
        linkOf={({ id }) => ({ to: '/evidence/logs/$log', params: { log: id } })}
      />
    </>
  )
}

const Packs = () => {
  const query = useInfiniteQuery(packsQuery)
  return (
    <Listing
      label={t('tab-packs')}
      query={query}
      columns={packColumns}
      idOf={({ id }) => id}
      linkOf={({ id }) => ({ to: '/evidence/packs/$packId', params: { packId: id } })}
      empty={
        <EmptyState
          icon="evidence"
          title={t('packs-empty')}
          command="fortnight pack --environment acme-prod --from 2026-11-01 --to 2026-12-01 -o pack.zip"
        >
          {t('packs-empty-text')}
        </EmptyState>
      }
    />
  )
}

export const Evidence = () => {
  const { tab = 'logs' } = route.useSearch()
  const may = useMay()
  const [asking, ask] = useState<'hand-in' | 'pack'>()
  const done = (): void => ask(undefined)
  const mayExport = may('evidence.export')
  useKeys(mayExport ? [{ keys: 'n', label: t('request'), run: () => ask('pack') }] : [])
  return (
    <Page
      title={t('title')}
      bar={
        <Tabs
          tabs={[
            { label: t('tab-logs'), link: { to: '/evidence' }, open: tab === 'logs' },
            {
              label: t('tab-packs'),
              link: { to: '/evidence', search: { tab: 'packs' } },
              open: tab === 'packs',
            },
          ]}
        />
      }
      actions={
        mayExport ? (
          <>
            <Button onClick={() => ask('hand-in')}>{t('hand-in')}</Button>
            <Button icon="plus" keys="n" onClick={() => ask('pack')}>
              {t('request')}
            </Button>
          </>
        ) : null
      }
    >
      {tab === 'packs' ? <Packs /> : <Logs />}
      <Suspense>
        {asking === 'hand-in' ? <HandIn onClose={done} /> : null}
        {asking === 'pack' ? <RequestPack onClose={done} /> : null}
      </Suspense>
    </Page>
  )
}
