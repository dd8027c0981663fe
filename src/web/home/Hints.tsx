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

export const Hints = () => {
  const { hints } = useMe()
  if (hints.length === 0) return null
  return (
    <Panel title={t('hints')} flush>
      <Rows label={t('hints')}>
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
