/** What nobody was reached by in a week, in red. */
import { useQuery } from '@tanstack/react-query'
import { Badge } from '../../../parts/Badge.tsx'
import { Panel } from '../../../parts/Page.tsx'
import { Row, Rows } from '../../../parts/Rows.tsx'
import { Settled } from '../../../parts/Settled.tsx'
import { TimeText } from '../../../parts/TimeText.tsx'
import styles from './Drills.module.css'
import { provenQuery } from './queries.ts'
import { t } from './words.ts'

type Line = { readonly id: string; readonly name: string; readonly at: number | null }

export const UnprovenRows = ({ lines }: { lines: readonly Line[] }) => (
  <Rows label={t('unproven')}>
    {lines.map(({ id, name, at }) => (
      <Row
        key={id}
        title={<Badge tone="red">{name}</Badge>}
        end={
          <span className="dim">
            {at === null ? (
              t('never')
            ) : (
              <>
                {t('last')} <TimeText at={at} still />
              </>
            )}
          </span>
        }
      />
    ))}
  </Rows>
)

export const Unproven = () => {
  const query = useQuery(provenQuery)
  return (
    <Panel title={t('unproven')} flush={query.data !== undefined}>
      <Settled query={query}>
        {({ environments, people }) => {
          const lines = [
            ...environments.map(({ environment, ...rest }) => ({ ...environment, ...rest })),
            ...people.map(({ person, ...rest }) => ({ ...person, ...rest })),
          ].flatMap(({ id, name, proven, provenAt }) => (proven ? [] : [{ id, name, at: provenAt }]))
          return lines.length === 0 ? (
            <p className={styles.text}>{t('all-proven')}</p>
          ) : (
            <>
              <p className={styles.text}>{t('unproven-text')}</p>
              <UnprovenRows lines={lines} />
            </>
          )
        }}
      </Settled>
    </Panel>
  )
}
