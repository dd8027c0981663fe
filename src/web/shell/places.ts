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

type Row = readonly [Parameters<typeof t>[0], IconName, Place['to'], string, Permission, Place['group']]
const rows: readonly Row[] = [
  ['home', 'home', '/', 'h', 'self.read', 'operations'],
  ['alerts', 'alert', '/alerts', 'a', 'alerts.read', 'operations'],
  ['pages', 'page', '/pages', 'p', 'pages.read', 'operations'],
  ['on-call', 'rota', '/on-call', 'c', 'on-call.read', 'operations'],
  ['incidents', 'incident', '/incidents', 'i', 'incidents.read', 'operations'],
  ['decisions', 'decision', '/decisions', 'd', 'decisions.read', 'operations'],
  ['operator-log', 'shell', '/operator-log', 'o', 'operator-log.read', 'operations'],
  ['customers', 'customers', '/customers', 'e', 'environments.read', 'records'],
  ['evidence', 'evidence', '/evidence', 'v', 'evidence.read', 'records'],
  ['settings', 'settings', '/settings', 's', 'self.read', 'own'],
]
/** Called when asked for, not when loaded: the reader's language is known by then. */
const label = t as (key: Row[0]) => string

/** On a phone four fit beside "More": those of the night, and for who has none of them, their own first ones. */
const FITS = 4
const firstOnThumb: readonly string[] = ['home', 'alerts', 'on-call', 'incidents']
export const onThumb = (mine: readonly Place[]): readonly Place[] => {
  const ofTheNight = mine.filter(({ key }) => firstOnThumb.includes(key))
  const others = mine.filter(({ key }) => !firstOnThumb.includes(key))
  return [...ofTheNight, ...others.slice(0, FITS - ofTheNight.length)]
}

/** What one may read, called as one knows it: a contact has environments and no customers. */
export const placesOf = ({ permissions, account }: Me): readonly Place[] =>
  rows
    .filter(([, , , , permission]) => permissions.includes(permission))
    .map(([key, icon, to, letter, permission, group]) => ({
      key,
      label: key === 'customers' && account.kind === 'contact' ? t('environments') : label(key),
      icon,
      to,
      letter,
      permission,
      group,
    }))
