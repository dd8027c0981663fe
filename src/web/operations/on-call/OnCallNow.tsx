/** Who answers now and who is next; nobody is said in red. */
import { dayAndTime } from '../../messages/format.ts'
import { Badge } from '../../parts/Badge.tsx'
import { useReader } from '../../parts/reader.ts'
import { Initials } from '../../shell/SelfRow.tsx'
import styles from './OnCallNow.module.css'
import type { OnCallNow as Now } from './queries.ts'
import { t } from './duty-words.ts'

const Person = ({ name, mine, when }: { name: string; mine: boolean; when: string }) => (
  <div className={styles.person}>
    <Initials name={name} />
    <div className={styles.words}>
      <p className={styles.name}>
        {name}
        {mine ? <span className="dim"> ({t('you')})</span> : null}
      </p>
      <p className={styles.when}>{when}</p>
    </div>
  </div>
)

export const OnCallNow = ({ rows, mine }: { rows: readonly Now[]; mine: string }) => {
  const reader = useReader()
  return (
    <ul className={styles.list}>
      {rows.map(({ schedule, onCall, next }) => (
        <li key={schedule.id}>
          {rows.length > 1 ? <p className={styles.schedule}>{schedule.name}</p> : null}
          {onCall.kind === 'person' ? (
            [onCall, ...onCall.also].map(({ person, until, forwardedFrom }) => (
              <Person
                key={person.id}
                name={person.name}
                mine={person.id === mine}
                when={[
                  ...(forwardedFrom ? [t('answers-for', { name: forwardedFrom.name })] : []),
                  t('until', { when: dayAndTime(until, reader) }),
                ].join(', ')}
              />
            ))
          ) : (
            <div className={styles.nobody}>
              <Badge tone="red">{t('nobody-now')}</Badge>
              <p>{t('nobody-text')}</p>
            </div>
          )}
          {next ? (
            <p className={styles.next}>
              {t('next')}: <span>{next.person.name}</span>,{' '}
              {t('from', { when: dayAndTime(next.from, reader) })}
            </p>
          ) : null}
        </li>
      ))}
    </ul>
  )
}
