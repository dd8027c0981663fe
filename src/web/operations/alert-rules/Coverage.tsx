/** The report of run books: by environment and group, what no rule explains, and what did not fire. */
import { Badge } from '../../parts/Badge.tsx'
import { Panel } from '../../parts/Page.tsx'
import { Row, Rows } from '../../parts/Rows.tsx'
import { TimeText } from '../../parts/TimeText.tsx'
import type { Coverage as Report } from './queries.ts'
import { t } from './words.ts'

type Counts = Pick<Report['groups'][number], 'rules' | 'withRunbook' | 'filledIn' | 'without'>

const covered = ({ rules, withRunbook: have, filledIn: filled }: Counts): string =>
  filled > 0 ? t('coverage-filled', { have, rules, filled }) : t('coverage', { have, rules })

const Without = ({ without, filledIn }: Counts) => {
  if (without > 0) return <Badge tone="amber">{t('without', { count: without })}</Badge>
  return filledIn > 0 ? <Badge>{t('up-to-chart')}</Badge> : <Badge tone="green">{t('all-have')}</Badge>
}

/** Only environments that have rules, or in which something fired. */
const ByEnvironment = ({ of }: { of: Report }) => (
  <Panel title={t('by-environment')} flush>
    <Rows label={t('by-environment')}>
      {of.environments
        .filter(({ rules, unknown }) => rules > 0 || unknown > 0)
        .map((row) => (
          <Row
            key={row.environment.id}
            tall
            link={{ to: '/alerts/rules', search: { environment: row.environment.slug } }}
            title={row.environment.slug}
            note={`${covered(row)} · ${t('fired-silent', row)}`}
            end={<Without {...row} />}
          />
        ))}
    </Rows>
  </Panel>
)

const ByGroup = ({ of }: { of: Report }) => (
  <Panel title={t('by-group')} flush>
    <Rows label={t('by-group')}>
      {of.groups.map((row) => (
        <Row
          key={row.group}
          tall
          title={row.group || t('no-group')}
          note={covered(row)}
          end={<Without {...row} />}
        />
      ))}
    </Rows>
  </Panel>
)

const Cut = ({ listed, count }: { listed: number; count: number }) =>
  count > listed ? <p className="dim">{t('first-listed', { listed, count })}</p> : null

/** The name in quotes, as the query language wants words that are no single word. */
const asking = (name: string): string => `name:"${name.replace(/["\\]/g, '\\$&')}"`

const Unknown = ({ of }: { of: Report }) => (
  <Panel title={t('unknown')} flush={of.unknown.length > 0}>
    {of.unknown.length === 0 ? (
      <p className="dim">{t('unknown-none')}</p>
    ) : (
      <Rows label={t('unknown')}>
        {of.unknown.map(({ environment, name, count, lastAt }) => (
          <Row
            key={`${environment.id} ${name}`}
            link={{
              to: '/alerts',
              search: { status: 'all' as const, environment: environment.slug, query: asking(name) },
            }}
            title={name}
            note={`${environment.slug} · ${t('times-fired', { count })}`}
            end={<TimeText at={lastAt} still />}
          />
        ))}
      </Rows>
    )}
    <Cut listed={of.unknown.length} count={of.totals.unknown} />
  </Panel>
)

const Silent = ({ of }: { of: Report }) => (
  <Panel title={t('silent')} flush={of.silent.length > 0}>
    {of.silent.length === 0 ? (
      <p className="dim">{t('silent-none')}</p>
    ) : (
      <Rows label={t('silent')}>
        {of.silent.map(({ set, group, name }, position) => (
          // A name may stand several times in a set, with other labels.
          // oxlint-disable-next-line react/no-array-index-key
          <Row key={`${set} ${name} ${position}`} title={name} note={`${group || t('no-group')} · ${set}`} />
        ))}
      </Rows>
    )}
    <Cut listed={of.silent.length} count={of.totals.silent} />
  </Panel>
)

export const Coverage = ({ of }: { of: Report }) => (
  <>
    <ByGroup of={of} />
    <ByEnvironment of={of} />
    <Unknown of={of} />
    <Silent of={of} />
  </>
)
