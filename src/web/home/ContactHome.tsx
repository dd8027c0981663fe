/** A customer contact's own place: what was decided about their environments, and what they were told. Alerts do not exist here. */
import { useQuery } from '@tanstack/react-query'
import { LastDecisions, LastWork } from '../people/environments/Happenings.tsx'
import { environmentsQuery } from '../people/environments/queries.ts'
import { EmptyState } from '../parts/EmptyState.tsx'
import { Columns, Page, Panel } from '../parts/Page.tsx'
import { Row, Rows } from '../parts/Rows.tsx'
import { Settled } from '../parts/Settled.tsx'
import { useMe } from '../shell/session.ts'
import { t } from './words.ts'

const ContactHome = () => {
  const { account } = useMe()
  const query = useQuery(environmentsQuery)
  return (
    <Page title={account.customer?.name ?? t('title')}>
      <Columns
        rail={
          <Panel title={t('your-environments')} flush={(query.data?.rows.length ?? 0) > 0}>
            <Settled query={query}>
              {({ rows }) =>
                rows.length > 0 ? (
                  <Rows label={t('your-environments')}>
                    {rows.map((environment) => (
                      <Row
                        key={environment.id}
                        stacked
                        link={{ to: '/environments/$environment', params: { environment: environment.slug } }}
                        title={environment.name}
                        note={[environment.slug, environment.version].filter(Boolean).join(' · ')}
                      />
                    ))}
                  </Rows>
                ) : (
                  <EmptyState title={t('no-environments')} />
                )
              }
            </Settled>
          </Panel>
        }
      >
        <LastDecisions />
        <LastWork />
      </Columns>
    </Page>
  )
}
export default ContactHome
