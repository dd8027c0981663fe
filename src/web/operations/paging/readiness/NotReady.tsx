/** Those of a rota whom P1 would not wake, in red, with the reason. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { dayAndTime } from '../../../messages/format.ts'
import { Badge } from '../../../parts/Badge.tsx'
import { Panel } from '../../../parts/Page.tsx'
import { useReader } from '../../../parts/reader.ts'
import { Row, Rows } from '../../../parts/Rows.tsx'
import { useMe } from '../../../shell/session.ts'
import { readinessQuery } from './queries.ts'
import styles from './Readiness.module.css'
import { t } from './words.ts'

/** @param people account ids; nothing is shown while everybody would be woken */
export const NotReady = ({ people }: { people: readonly string[] }) => {
  const reader = useReader()
  const me = useMe()
  const rows = useQuery(readinessQuery).data?.rows ?? []
  const asleep = rows.filter(({ ready, person }) => !ready && people.includes(person.id))
  if (asleep.length === 0) return null
  return (
    <Panel title={t('title')} flush>
      <p className={styles.text}>{t('text')}</p>
      <Rows label={t('title')}>
        {asleep.map(({ person, why, at }) => (
          <Row
            key={person.id}
            stacked
            title={<Badge tone="red">{person.name}</Badge>}
            note={
              <span className={styles.wrapped}>
                {why === 'rules-let-sleep' && at !== null
                  ? t('rules-let-sleep', { when: dayAndTime(at, reader) })
                  : t('no-way-wakes')}
                {person.id === me.account.id ? (
                  <>
                    {'. '}
                    <Link to="/settings/$section" params={{ section: 'notifications' }}>
                      {t('yours')}
                    </Link>
                  </>
                ) : null}
              </span>
            }
          />
        ))}
      </Rows>
    </Panel>
  )
}

/** Beside a name in a list of people. */
export const NotReadyBadge = ({ accountId }: { accountId: string }) => {
  const row = useQuery(readinessQuery).data?.rows.find(({ person }) => person.id === accountId)
  if (!row) return null
  if (!row.ready) return <Badge tone="red">{t('badge')}</Badge>
  return row.proven ? null : <Badge tone="red">{t('badge-unproven')}</Badge>
}
