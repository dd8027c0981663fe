/** One's own things, and for those who may, everybody's. Each section has its address. */
import { getRouteApi } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import type { Permission } from '../../../domain/people/permissions.ts'
import { Page } from '../../parts/Page.tsx'
import { SkeletonLines } from '../../parts/Skeleton.tsx'
import { Tabs } from '../../parts/Tabs.tsx'
import { useMay } from '../../shell/session.ts'
import { Profile } from './Profile.tsx'
import styles from './Settings.module.css'
import { t } from './words.ts'

const SignInSettings = lazy(() => import('./SignInSettings.tsx'))
const Tokens = lazy(() => import('./Tokens.tsx'))
const Notifications = lazy(() => import('./Notifications.tsx'))
const People = lazy(() => import('./People.tsx'))
const Teams = lazy(() => import('../teams/Teams.tsx'))
const Installation = lazy(() => import('../installation/Installation.tsx'))
const route = getRouteApi('/frame/settings/$section')

const sections = [
  { key: 'profile', permission: 'self.read', View: Profile },
  { key: 'sign-in', permission: 'self.read', View: SignInSettings },
  { key: 'tokens', permission: 'self.tokens', View: Tokens },
  { key: 'notifications', permission: 'self.reach', View: Notifications },
  { key: 'people', permission: 'accounts.read', View: People },
  { key: 'teams', permission: 'teams.read', View: Teams },
  { key: 'installation', permission: 'installation.read', View: Installation },
] as const satisfies readonly { permission: Permission; [name: string]: unknown }[]

export const Settings = () => {
  const { section } = route.useParams()
  const may = useMay()
  const mine = sections.filter(({ permission }) => may(permission))
  const { key, View } = mine.find((one) => one.key === section) ?? mine[0]!
  return (
    <Page
      title={`${t('title')}: ${t(`section-${key}`)}`}
      name={t('title')}
      bar={
        <Tabs
          tabs={mine.map((one) => ({
            label: t(`section-${one.key}`),
            link: { to: '/settings/$section', params: { section: one.key } },
            open: one.key === key,
          }))}
        />
      }
    >
      <Suspense
        fallback={
          <div className={styles.section}>
            <SkeletonLines lines={5} />
          </div>
        }
      >
        <View />
      </Suspense>
    </Page>
  )
}
