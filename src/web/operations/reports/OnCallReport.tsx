/** A period on call: how fast, how often, at which hours, by which rules, for whom, and who knew first. */
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { duration, wholeNumber } from '../../messages/format.ts'
import { buttonLook } from '../../parts/Button.tsx'
import { ErrorNote } from '../../parts/ErrorNote.tsx'
import { FilterSelect } from '../../parts/Filter.tsx'
import { Columns, Fact, Facts, Page, Panel } from '../../parts/Page.tsx'
import { useReader } from '../../parts/reader.ts'
import { Row, Rows } from '../../parts/Rows.tsx'
import { SkeletonLines } from '../../parts/Skeleton.tsx'
import { EnvironmentFilter } from '../../people/environments/EnvironmentFilter.tsx'
import { customersQuery } from '../../people/environments/queries.ts'
import { HourGrid } from './HourGrid.tsx'
import { reportQuery, type Report, type ReportFilter } from './queries.ts'
import styles from './Report.module.css'
import { t } from './words.ts'

const route = getRouteApi('/frame/reports')

const Bar = () => {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const customers = useQuery(customersQuery).data?.rows ?? []
  const narrow = (change: Partial<typeof search>): void =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true })
  return (
    <>
      <FilterSelect
        label={t('period')}
        any={t('days-30')}
        value={search.days}
        choices={(['7', '90', '366'] as const).map((days) => ({ value: days, label: t(`days-${days}`) }))}
        onChange={(days) => narrow({ days: days as '7' })}
      />
      <FilterSelect
        label={t('customer')}
        any={t('any')}
        value={search.customer}
        choices={customers.map(({ slug, name }) => ({ value: slug, label: name }))}
        onChange={(customer) => narrow({ customer })}
      />
      <EnvironmentFilter value={search.environment} onChange={(environment) => narrow({ environment })} />
    </>
  )
}

const Figure = ({ name, wide, children }: { name: string; wide?: true; children: ReactNode }) => (
  <div className={wide ? styles.wide : undefined}>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
)

const Spread = ({ of }: { of: Report['total']['timeToResolve'] }) => {
  if (of.mean === null || of.median === null) return <>–</>
  const [median, mean] = [duration(of.median), duration(of.mean)]
  return (
    <>
      {median}
      <small>
        {t('spread', { median, mean })} {t('spread-of', { count: of.of })}
      </small>
    </>
  )
}

const Numbers = ({ total }: { total: Report['total'] }) => {
  const reader = useReader()
  const whole = (n: number): string => wholeNumber(n, reader)
  return (
    <Panel title={t('numbers')}>
      <dl className={styles.numbers}>
        <Figure name={t('mtta')} wide>
          <Spread of={total.timeToAcknowledge} />
        </Figure>
        <Figure name={t('mttr')} wide>
          <Spread of={total.timeToResolve} />
        </Figure>
        <Figure name={t('number-pages')}>{whole(total.pages)}</Figure>
        <Figure name={t('number-untaken')}>{whole(total.untaken)}</Figure>
        <Figure name={t('number-nobody')}>{whole(total.nobodyOnCall)}</Figure>
        <Figure name={t('number-alerts')}>{whole(total.alerts)}</Figure>
        <Figure name={t('number-urgent')}>{whole(total.urgent)}</Figure>
      </dl>
    </Panel>
  )
}

const Listed = ({
  title,
  none,
  children,
}: {
  title: string
  none: string
  children: readonly ReactNode[]
}) => (
  <Panel title={title} flush={children.length > 0}>
    {children.length === 0 ? <p className="dim">{none}</p> : <Rows label={title}>{children}</Rows>}
  </Panel>
)

const Load = ({ people }: { people: Report['people'] }) => (
  <>
    <Listed title={t('load')} none={t('load-none')}>
      {people.map(({ person, pages, offHours, nights }) => (
        <Row
          key={person.id}
          stacked
          title={person.name}
          note={`${t('load-off', { count: offHours })} · ${t('load-nights', { count: nights })}`}
          end={<span>{t('load-pages', { count: pages })}</span>}
        />
      ))}
    </Listed>
    {people.length > 0 ? <p className="dim">{t('load-text')}</p> : null}
  </>
)

const Noisy = ({ noisy }: { noisy: Report['noisy'] }) => (
  <Listed title={t('noisy')} none={t('noisy-none')}>
    {noisy.map(({ name, alerts, environments, untouched, meanMs }) => (
      <Row
        key={name}
        tall
        link={{ to: '/alerts', search: { status: 'all', query: `name:"${name.replace(/["\\]/g, '\\$&')}"` } }}
        title={name || '–'}
        note={
          meanMs === null
            ? t('noisy-note-open', { count: alerts, environments })
            : t('noisy-note', { count: alerts, environments, length: duration(meanMs) })
        }
        end={<span>{t('noisy-untouched', { count: untouched })}</span>}
      />
    ))}
  </Listed>
)

const ByCustomer = ({ customers }: { customers: Report['customers'] }) => (
  <Listed title={t('customers')} none={t('customers-none')}>
    {customers.map((row) => (
      <Row
        key={row.customer.slug}
        tall
        link={{ to: '/reports', search: { customer: row.customer.slug } }}
        title={row.customer.name}
        note={t('customers-note', row)}
        end={
          <span>
            {t('mtta')}:{' '}
            {row.timeToAcknowledge.median === null ? '–' : duration(row.timeToAcknowledge.median)}
          </span>
        }
      />
    ))}
  </Listed>
)

const KnewFirst = ({ incidents }: { incidents: Report['incidents'] }) => {
  const { locale } = useReader()
  const known = incidents.byAlert + incidents.byTicket
  const part = known === 0 ? 0 : incidents.byAlert / known
  const share = new Intl.NumberFormat(locale, { style: 'percent' }).format(part)
  return (
    <Panel title={t('first')}>
      {incidents.opened === 0 ? (
        <p className="dim">{t('first-none')}</p>
      ) : (
        <>
          {known > 0 ? <p>{t('first-share', { share, known })}</p> : null}
          <Facts>
            <Fact name={t('first-by-alert')}>{incidents.byAlert}</Fact>
            <Fact name={t('first-by-ticket')}>{incidents.byTicket}</Fact>
            <Fact name={t('first-unknown')}>{incidents.unknown}</Fact>
          </Facts>
          <p className="dim">{t('first-text')}</p>
        </>
      )}
    </Panel>
  )
}

const Loaded = ({ report }: { report: Report }) => (
  <>
    <Numbers total={report.total} />
    <Panel title={t('hours')}>
      <p className="dim">{report.hours.length === 0 ? t('hours-none') : t('hours-text', report)}</p>
      {report.hours.length === 0 ? null : <HourGrid hours={report.hours} />}
    </Panel>
    <ByCustomer customers={report.customers} />
    <Noisy noisy={report.noisy} />
  </>
)

const fileAddress = (filter: ReportFilter, { from, to }: Report): string => {
  const query = new URLSearchParams({ from: String(from), to: String(to) })
  if (filter.customer) query.set('customer', filter.customer)
  if (filter.environment) query.set('environment', filter.environment)
  return `/api/reports/on-call.csv?${query}`
}

export const OnCallReport = () => {
  const { days, customer, environment } = route.useSearch()
  const filter: ReportFilter = {
    days: Number(days ?? 30),
    ...(customer ? { customer } : {}),
    ...(environment ? { environment } : {}),
  }
  const { data, error, refetch } = useQuery(reportQuery(filter))
  return (
    <Page
      title={t('title')}
      crumbs={[{ label: t('alerts'), link: { to: '/alerts' } }]}
      bar={<Bar />}
      actions={
        data ? (
          <a href={fileAddress(filter, data)} className={buttonLook()} download>
            {t('file')}
          </a>
        ) : null
      }
    >
      <Columns
        rail={
          data ? (
            <>
              <KnewFirst incidents={data.incidents} />
              <Load people={data.people} />
            </>
          ) : null
        }
      >
        {error ? <ErrorNote error={error} onRetry={refetch} /> : null}
        {data ? <Loaded report={data} /> : error ? null : <SkeletonLines lines={10} />}
      </Columns>
    </Page>
  )
}
