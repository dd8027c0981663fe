/** What an installation still lacks before its first alert can reach somebody: a short list that empties itself. */
import type { LinkProps } from '@tanstack/react-router'
import { Icon } from '../parts/Icon.tsx'
import { Panel } from '../parts/Page.tsx'
import { Row, Rows } from '../parts/Rows.tsx'
import { useMe, type Me } from '../shell/session.ts'
import { t } from './words.ts'

const places: Readonly<Record<Me['hints'][number], LinkProps>> = {
  'no-customer': { to: '/customers' },
  'no-environment': { to: '/customers' },
  'no-integration-key': { to: '/customers' },
  'no-colleague': { to: '/settings/$section', params: { section: 'people' } },
  'no-passkey': { to: '/settings/$section', params: { section: 'sign-in' } },
}

/** What keeps an alert from reaching somebody comes first on the page; what is merely better comes last. */
export const Hints = ({ of }: { of: 'reaching' | 'better' }) => {
  const me = useMe()
  const hints = me.hints.filter((hint) => (hint === 'no-passkey') === (of === 'better'))
  if (hints.length === 0) return null
  return (
    <Panel title={t(`hints-${of}`)} flush>
      <Rows label={t(`hints-${of}`)}>
        {hints.map((hint) => (
          <Row
            key={hint}
            link={places[hint]}
            title={t(`hint-${hint}`)}
            end={<Icon name="right" size={14} />}
          />
        ))}
      </Rows>
    </Panel>
  )
}
