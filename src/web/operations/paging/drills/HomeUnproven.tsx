/** On the home view: that paging is not proven, in red, with the way to prove it. Nothing while it is. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Badge } from '../../../parts/Badge.tsx'
import { onCallNowQuery } from '../../on-call/queries.ts'
import { provenQuery } from './queries.ts'
import { t } from './words.ts'

/** Environments, and of the people those who are on call at this moment. */
const HomeUnproven = () => {
  const { data } = useQuery(provenQuery)
  const rows = useQuery(onCallNowQuery).data?.rows ?? []
  const onCall = rows.flatMap(({ onCall: now }) =>
    now.kind === 'person' ? [now, ...now.also].map(({ person }) => person.id) : [],
  )
  const environments = data?.environments.filter(({ proven }) => !proven).length ?? 0
  const people =
    data?.people.filter(({ proven, person }) => !proven && onCall.includes(person.id)).length ?? 0
  if (environments + people === 0) return null
  return (
    <p>
      <Badge tone="red">{t('unproven')}</Badge>{' '}
      <Link to="/on-call" search={{ view: 'drills' }} className="link">
        {[
          environments > 0 ? t('count-environments', { count: environments }) : '',
          people > 0 ? t('count-people', { count: people }) : '',
        ]
          .filter((part) => part !== '')
          .join(', ')}
      </Link>
    </p>
  )
}
export default HomeUnproven
