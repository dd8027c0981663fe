/** Which rules of Prometheus are known, which say what to do when they fire, and what fires that none of them explains. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { Badge } from '../../parts/Badge.tsx'
import { Button, buttonLook } from '../../parts/Button.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { ErrorNote } from '../../parts/ErrorNote.tsx'
import { FilterSelect } from '../../parts/Filter.tsx'
import { useKeys } from '../../parts/keys.ts'
import { Columns, Page, Panel } from '../../parts/Page.tsx'
import { Row, Rows } from '../../parts/Rows.tsx'
import { SkeletonLines } from '../../parts/Skeleton.tsx'
import { TimeText } from '../../parts/TimeText.tsx'
import { toast } from '../../parts/Toast.tsx'
import { EnvironmentFilter } from '../../people/environments/EnvironmentFilter.tsx'
import { api } from '../../shell/api.ts'
import { queryClient } from '../../shell/query-client.ts'
import { Coverage } from './Coverage.tsx'
import { coverageQuery, ruleSetsQuery, type CoverageFilter, type RuleSetRow } from './queries.ts'
import { t } from './words.ts'

const ImportRules = lazy(() => import('./ImportRules.tsx'))
const Confirm = lazy(() => import('../../parts/Confirm.tsx'))
const route = getRouteApi('/frame/alerts/rules')

const Remove = ({ name, onClose }: { name: string; onClose: () => void }) => {
  const remove = useMutation({
    mutationFn: () => api('DELETE /api/rule-sets/:name', { name }),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ['alert-rules'] })
      toast({ text: t('removed', { name }) })
      onClose()
    },
  })
  return (
    <Confirm
      title={t('remove-title', { name })}
      explanation={t('remove-text')}
      action={t('remove')}
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    />
  )
}

const forWhich = ({ environments }: RuleSetRow): string => {
  if (environments === null) return t('every-environment')
  const [first, ...more] = environments
  return t('many-environments', { first: first?.slug ?? '–', count: environments.length, more: more.length })
}

const Found = ({ red, amber }: { red: number; amber: number }) => {
  if (red > 0) return <Badge tone="red">{t('red', { count: red })}</Badge>
  return amber > 0 ? (
    <Badge tone="amber">{t('amber', { count: amber })}</Badge>
  ) : (
    <Badge tone="green">{t('clean')}</Badge>
  )
}

const Sets = ({
  rows,
  mayChange,
  onRemove,
}: {
  rows: readonly RuleSetRow[]
  mayChange: boolean
  onRemove: (name: string) => void
}) => (
  <Panel title={t('sets')} flush>
    <Rows label={t('sets')}>
      {rows.map((row) => (
        <Row
          key={row.name}
          tall
          link={{ to: '/alerts/rules/$set', params: { set: row.name } }}
          title={row.name}
          note={`${t('rules', { count: row.rules })} · ${forWhich(row)} · ${row.importedBy.name}`}
          end={
            <>
              <Found {...row} />
              <TimeText at={row.importedAt} still />
              {mayChange ? (
                <Button size="small" tone="quiet" onClick={() => onRemove(row.name)}>
                  {t('remove')}
                </Button>
              ) : null}
            </>
          }
        />
      ))}
    </Rows>
  </Panel>
)

const Bar = () => {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const narrow = (change: Partial<typeof search>): void =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true })
  return (
    <>
      <EnvironmentFilter value={search.environment} onChange={(environment) => narrow({ environment })} />
      <FilterSelect
        label={t('days')}
        any={t('days-90')}
        value={search.days}
        choices={(['7', '30', '365'] as const).map((days) => ({ value: days, label: t(`days-${days}`) }))}
        onChange={(days) => narrow({ days: days as '7' })}
      />
    </>
  )
}

const fileAddress = ({ environment, days }: CoverageFilter): string => {
  const query = new URLSearchParams()
  if (environment) query.set('environment', environment)
  if (days) query.set('days', String(days))
  return `/api/runbook-coverage.csv${query.size > 0 ? `?${query}` : ''}`
}

type Open = { readonly kind: 'import' } | { readonly kind: 'remove'; readonly name: string }

export const AlertRules = () => {
  const { environment, days } = route.useSearch()
  const filter: CoverageFilter = {
    ...(environment ? { environment } : {}),
    ...(days ? { days: Number(days) } : {}),
  }
  const sets = useQuery(ruleSetsQuery)
  const some = (sets.data?.rows.length ?? 0) > 0
  const coverage = useQuery({ ...coverageQuery(filter), enabled: some })
  const [open, setOpen] = useState<Open>()
  const mayChange = sets.data?.can.change ?? false
  const begin = (): void => setOpen({ kind: 'import' })
  useKeys(mayChange ? [{ keys: 'n', label: t('import'), run: begin }] : [])
  const action = mayChange ? (
    <Button icon="plus" keys="n" onClick={begin}>
      {t('import')}
    </Button>
  ) : null
  const error = sets.error ?? coverage.error
  const close = (): void => setOpen(undefined)
  return (
    <Page
      title={t('title')}
      crumbs={[{ label: t('alerts'), link: { to: '/alerts' } }]}
      bar={some ? <Bar /> : null}
      actions={
        some ? (
          <>
            <a href={fileAddress(filter)} className={buttonLook()} download>
              {t('file')}
            </a>
            {action}
          </>
        ) : null
      }
    >
      {sets.data && !some ? (
        <EmptyState
          icon="file"
          title={t('empty')}
          {...(mayChange ? { command: t('empty-command') } : {})}
          action={action}
        >
          {t('empty-text')} {mayChange ? null : t('empty-reader')}
        </EmptyState>
      ) : (
        <Columns>
          {error ? (
            <ErrorNote
              error={error}
              onRetry={() => void (sets.error ? sets.refetch() : coverage.refetch())}
            />
          ) : null}
          {sets.data ? (
            <Sets
              rows={sets.data.rows}
              mayChange={mayChange}
              onRemove={(name) => setOpen({ kind: 'remove', name })}
            />
          ) : null}
          {coverage.data ? <Coverage of={coverage.data} /> : error ? null : <SkeletonLines lines={8} />}
        </Columns>
      )}
      <Suspense>
        {open?.kind === 'import' ? <ImportRules sets={sets.data?.rows ?? []} onClose={close} /> : null}
        {open?.kind === 'remove' ? <Remove name={open.name} onClose={close} /> : null}
      </Suspense>
    </Page>
  )
}
