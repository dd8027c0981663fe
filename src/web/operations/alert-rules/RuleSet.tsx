/** The rules of one set as they stand in its files, with what was found in each. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { Badge, Tag } from '../../parts/Badge.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { Icon } from '../../parts/Icon.tsx'
import { Listing } from '../../parts/Listing.tsx'
import { Page } from '../../parts/Page.tsx'
import type { Column } from '../../parts/Table.tsx'
import { Tabs } from '../../parts/Tabs.tsx'
import { rulesQuery, type RuleRow } from './queries.ts'
import styles from './RuleSet.module.css'
import { t } from './words.ts'

const route = getRouteApi('/frame/alerts/rules/$set')

const Runbook = ({ kind, text }: RuleRow['runbook']) =>
  kind === 'link' && text !== null && /^https?:\/\//.test(text) ? (
    <a href={text} className="link" target="_blank" rel="noreferrer noopener">
      {t('runbook-link')} <Icon name="external" size={12} />
    </a>
  ) : (
    <span className="dim">{t(`runbook-${kind}`)}</span>
  )

const columns: readonly Column<RuleRow>[] = [
  {
    key: 'rule',
    title: t('column-rule'),
    width: 'minmax(0, 1fr)',
    card: 'title',
    cell: ({ name, expression }) => (
      <span title={expression}>
        {name || '–'} <span className={styles.expression}>{expression}</span>
      </span>
    ),
  },
  {
    key: 'findings',
    title: t('column-findings'),
    width: '15rem',
    card: 'meta',
    cell: ({ findings }) => (
      <span className={styles.findings}>
        {findings.map(({ code, severity, detail }) => (
          <span key={code} title={detail}>
            <Badge tone={severity}>{t(`finding-${code}`)}</Badge>
          </span>
        ))}
      </span>
    ),
  },
  { key: 'group', title: t('column-group'), width: '9rem', card: 'meta', cell: ({ group }) => group || '–' },
  {
    key: 'severity',
    title: t('column-severity'),
    width: '7rem',
    card: 'meta',
    cell: ({ severity }) => (severity ? <Tag>{severity}</Tag> : '–'),
  },
  {
    key: 'runbook',
    title: t('column-runbook'),
    width: '6.5rem',
    card: 'none',
    cell: ({ runbook }) => <Runbook {...runbook} />,
  },
  {
    key: 'place',
    title: t('column-place'),
    width: '10rem',
    card: 'none',
    from: 1200,
    cell: ({ file, line }) => (
      <span className="dim">
        {file}:{line}
      </span>
    ),
  },
]

export const RuleSet = () => {
  const { set } = route.useParams()
  const { found } = route.useSearch()
  const query = useInfiniteQuery(rulesQuery(set, found))
  const to = (next: typeof found, label: string) => ({
    label,
    link: { to: '/alerts/rules/$set', params: { set }, search: { found: next } } as const,
    open: found === next,
  })
  return (
    <Page
      title={set}
      crumbs={[{ label: t('title'), link: { to: '/alerts/rules' } }]}
      bar={<Tabs tabs={[to(undefined, t('tab-all')), to('any', t('tab-any')), to('red', t('tab-red'))]} />}
    >
      <Listing
        label={set}
        query={query}
        columns={columns}
        idOf={({ file, line, name }) => `${file} ${line} ${name}`}
        empty={
          <EmptyState icon="check" title={t('set-empty')}>
            {t('set-empty-text')}
          </EmptyState>
        }
      />
    </Page>
  )
}
