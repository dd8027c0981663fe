/** The fortnight at a glance: who is on call, what is open, whose turn it is. What fails fails alone. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { Page, Panel } from '../parts/Page.tsx'
import { useMay, useMe } from '../shell/session.ts'
import { FortnightStrip } from './FortnightStrip.tsx'
import { Hints } from './Hints.tsx'
import styles from './Home.module.css'
import { NeedsSomebody } from './NeedsSomebody.tsx'
import { OpenAlerts } from './OpenAlerts.tsx'
import { OpenIncidents } from './OpenIncidents.tsx'
import { Owed } from './Owed.tsx'
import { Settled } from '../parts/Settled.tsx'
import { OnCallNow } from '../operations/on-call/OnCallNow.tsx'
import { onCallNowQuery } from '../operations/on-call/queries.ts'
import { t } from './words.ts'

/** The team's home does not carry the customer's. */
const ContactHome = lazy(() => import('./ContactHome.tsx'))
/** What is red here is rare, and comes after what rings. */
const HomeUnproven = lazy(() => import('../operations/paging/drills/HomeUnproven.tsx'))

/** Mostly there is none: their code comes when the rest stands. */
const NotesForMe = lazy(() => import('../operations/on-call/hand-over/NotesForMe.tsx'))
const CurrentWindows = lazy(() => import('../operations/maintenance/CurrentWindows.tsx'))

const OnCallPanel = () => {
  const me = useMe()
  const query = useQuery(onCallNowQuery)
  return (
    <Panel
      title={t('on-call')}
      actions={
        <Link to="/on-call" className="dim">
          {t('rota')}
        </Link>
      }
    >
      <Settled query={query}>
        {({ rows }) =>
          rows.length > 0 ? (
            <OnCallNow rows={rows} mine={me.account.id} />
          ) : (
            <p className="dim">
              {t('no-rota')}{' '}
              <Link to="/on-call" className="link">
                {t('make-rota')}
              </Link>
            </p>
          )
        }
      </Settled>
    </Panel>
  )
}

const TeamHome = () => {
  const may = useMay()
  return (
    <Page title={t('title')}>
      <div className={styles.home}>
        <Hints of="reaching" />
        {may('pages.read') ? <NeedsSomebody /> : null}
        {may('pages.read') ? (
          <Suspense>
            <HomeUnproven />
          </Suspense>
        ) : null}
        <div className={styles.halves}>
          <div className={styles.main}>
            {may('on-call.read') ? <FortnightStrip /> : null}
            {may('alerts.read') ? <OpenAlerts /> : null}
          </div>
          <div className={styles.side}>
            {may('on-call.read') ? <OnCallPanel /> : null}
            {may('on-call.read') ? (
              <Suspense>
                <NotesForMe />
              </Suspense>
            ) : null}
            {may('incidents.read') ? <OpenIncidents /> : null}
            {may('alerts.read') ? (
              <Suspense>
                <CurrentWindows />
              </Suspense>
            ) : null}
            {may('decisions.read') ? <Owed /> : null}
            <Hints of="better" />
          </div>
        </div>
      </div>
    </Page>
  )
}

export const Home = () => {
  const { account } = useMe()
  return account.kind === 'contact' ? (
    <Suspense>
      <ContactHome />
    </Suspense>
  ) : (
    <TeamHome />
  )
}
