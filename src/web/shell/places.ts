/** The areas of the application in the order in which they are offered; what somebody may not read is not offered to them. */
import type { LinkProps } from '@tanstack/react-router'
import type { Permission } from '../../domain/people/permissions.ts'
import type { IconName } from '../parts/Icon.tsx'
import type { Me } from './session.ts'
import { t } from './words.ts'

export type Place = {
  readonly key: string
  readonly label: string
  readonly icon: IconName
  readonly to: LinkProps['to']
  /** Second letter of `g` and then a letter. */
  readonly letter: string
  readonly permission: Permission
  readonly group: 'operations' | 'records' | 'own'
}

const places = (): readonly Place[] => [
  {
    key: 'home',
    label: t('home'),
    icon: 'home',
    to: '/',
    letter: 'h',
    permission: 'self.read',
    group: 'operations',
  },
  {
    key: 'alerts',
    label: t('alerts'),
    icon: 'alert',
    to: '/alerts',
    letter: 'a',
    permission: 'alerts.read',
    group: 'operations',
  },
  {
    key: 'pages',
    label: t('pages'),
    icon: 'page',
    to: '/pages',
    letter: 'p',
    permission: 'pages.read',
    group: 'operations',
  },
  {
    key: 'on-call',
    label: t('on-call'),
    icon: 'rota',
    to: '/on-call',
    letter: 'c',
    permission: 'on-call.read',
    group: 'operations',
  },
  {
    key: 'incidents',
    label: t('incidents'),
    icon: 'incident',
    to: '/incidents',
    letter: 'i',
    permission: 'incidents.read',
    group: 'operations',
  },
  {
    key: 'decisions',
    label: t('decisions'),
    icon: 'decision',
    to: '/decisions',
    letter: 'd',
    permission: 'decisions.read',
    group: 'operations',
  },
  {
    key: 'operator-log',
    label: t('operator-log'),
    icon: 'shell',
    to: '/operator-log',
    letter: 'o',
    permission: 'operator-log.read',
    group: 'operations',
  },
  {
    key: 'customers',
    label: t('customers'),
    icon: 'customers',
    to: '/customers',
    letter: 'e',
    permission: 'environments.read',
    group: 'records',
  },
  {
    key: 'evidence',
    label: t('evidence'),
    icon: 'evidence',
    to: '/evidence',
    letter: 'v',
    permission: 'evidence.read',
    group: 'records',
  },
  {
    key: 'settings',
    label: t('settings'),
    icon: 'settings',
    to: '/settings',
    letter: 's',
    permission: 'self.read',
    group: 'own',
  },
]

/** On a phone four fit beside "More". */
export const onThumb: readonly string[] = ['home', 'alerts', 'on-call', 'incidents']

/** What one may read, called as one knows it: a contact has environments and no customers. */
export const placesOf = (me: Me): readonly Place[] =>
  places()
    .filter(({ permission }) => me.permissions.includes(permission))
    .map((place) =>
      place.key === 'customers' && me.account.kind === 'contact'
        ? { ...place, label: t('environments') }
        : place,
    )
