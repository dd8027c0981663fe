/** The frame around every view: areas at the side (under the thumb on a phone), the command menu, and whether what is shown is live. */
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { Icon } from '../parts/Icon.tsx'
import { KeyHint } from '../parts/KeyHint.tsx'
import { useKeys } from '../parts/keys.ts'
import { ReaderContext } from '../parts/reader.ts'
import { Toasts } from '../parts/Toast.tsx'
import { ConnectionNote, HeldNote } from './Notes.tsx'
import { askIn } from './api.ts'
import { NavList, ThumbBar } from './Navigation.tsx'
import styles from './Frame.module.css'
import { placesOf } from './places.ts'
import { nextScheme } from './scheme.ts'
import { useMe } from './session.ts'
import { SelfRow } from './SelfRow.tsx'
import { t } from './words.ts'

const CommandMenu = lazy(() => import('./CommandMenu.tsx'))
const KeyList = lazy(() => import('./KeyList.tsx'))

type Overlay = 'none' | 'menu' | 'keys'

const useFrameKeys = (show: (overlay: Overlay) => void): void => {
  const navigate = useNavigate()
  const me = useMe()
  const bindings = [
    {
      keys: 'mod+k',
      label: t('open-menu'),
      group: t('keys-everywhere'),
      everywhere: true,
      run: () => show('menu'),
    },
    { keys: '/', label: t('open-menu'), group: t('keys-everywhere'), run: () => show('menu') },
    { keys: '?', label: t('show-keys'), group: t('keys-everywhere'), run: () => show('keys') },
    { keys: 'g t', label: t('switch-scheme'), group: t('keys-everywhere'), run: nextScheme },
    ...placesOf(me).map((place) => ({
      keys: `g ${place.letter}`,
      label: t('go-to', { place: place.label }),
      group: t('keys-everywhere'),
      run: () => void navigate({ to: place.to ?? '/' }),
    })),
  ]
  useKeys(bindings, { frame: true })
}

/** English without a country writes 23 Nov, as the pages and mails do. */
const formatsOf = (locale: string): string => (locale === 'en' ? 'en-GB' : locale)

/** After a change of view the focus starts at its title, for who listens instead of looking. */
const useFocusOnArrival = (): void => {
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname })
  const before = useRef(path)
  useEffect(() => {
    const moved = before.current !== undefined && path !== before.current
    before.current = path
    if (moved && document.activeElement === document.body)
      document.getElementById('page-title')?.focus({ preventScroll: true })
  }, [path])
}

const Sidebar = ({ openMenu }: { openMenu: () => void }) => {
  const me = useMe()
  return (
    <header className={styles.sidebar}>
      <Link to="/" className={styles.mark}>
        <img src="/icon.svg" width="20" height="20" alt="" />
        <span className="clip">{me.organisation}</span>
      </Link>
      <button type="button" className={styles.search} onClick={openMenu}>
        <Icon name="search" />
        <span>{t('search')}</span>
        <KeyHint keys="mod+k" />
      </button>
      <NavList />
      <div className={styles.foot}>
        <ConnectionNote />
        <SelfRow />
      </div>
    </header>
  )
}

export const Frame = () => {
  const me = useMe()
  const [overlay, show] = useState<Overlay>('none')
  useFrameKeys(show)
  useFocusOnArrival()
  const close = (): void => show('none')
  useEffect(() => {
    document.documentElement.lang = me.account.locale
    askIn(me.account.locale)
  }, [me.account.locale])
  return (
    <ReaderContext value={{ locale: formatsOf(me.account.locale), zone: me.account.zone }}>
      <a href="#content" className={styles.skip}>
        {t('skip')}
      </a>
      <div className={styles.frame}>
        <Sidebar openMenu={() => show('menu')} />
        <main id="content" className={styles.content} tabIndex={-1}>
          <HeldNote />
          <ConnectionNote banner />
          <Outlet />
        </main>
        <ThumbBar openMenu={() => show('menu')} />
      </div>
      <Toasts />
      <Suspense>
        {overlay === 'menu' ? <CommandMenu onClose={close} showKeys={() => show('keys')} /> : null}
        {overlay === 'keys' ? <KeyList onClose={close} /> : null}
      </Suspense>
    </ReaderContext>
  )
}
