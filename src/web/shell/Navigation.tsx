/** The list of areas, at the side on a desk and under the thumb on a phone. */
import { Link } from '@tanstack/react-router'
import { Icon } from '../parts/Icon.tsx'
import { classes } from '../parts/classes.ts'
import { useCounts, type Count } from './counts.ts'
import styles from './Navigation.module.css'
import { ConnectionNote } from './Notes.tsx'
import { onThumb, placesOf, type Place } from './places.ts'
import { SelfRow } from './SelfRow.tsx'
import { useMe } from './session.ts'
import { t } from './words.ts'

const useMyPlaces = (): readonly Place[] => placesOf(useMe())

const PlaceLink = ({
  place,
  count,
  onClick,
}: {
  place: Place
  count: Count | undefined
  onClick?: () => void
}) => (
  <Link
    to={place.to ?? '/'}
    className={styles.place}
    activeOptions={{ exact: place.to === '/', includeSearch: false }}
    activeProps={{ 'data-here': true, 'aria-current': 'page' }}
    onClick={onClick}
  >
    <Icon name={place.icon} />
    <span className="clip">{place.label}</span>
    {count ? (
      <span className={classes(styles.count, count.urgent && styles.urgent)}>{count.count}</span>
    ) : null}
  </Link>
)

const groups = ['operations', 'records', 'own'] as const

export const NavList = ({ onGo }: { onGo?: () => void }) => {
  const mine = useMyPlaces()
  const counts = useCounts()
  return (
    <nav className={styles.list} aria-label={t('main-navigation')}>
      {groups.map((group) => (
        <ul key={group} className={styles.group}>
          {mine
            .filter((place) => place.group === group)
            .map((place) => (
              <li key={place.key}>
                <PlaceLink place={place} count={counts[place.key]} {...(onGo ? { onClick: onGo } : {})} />
              </li>
            ))}
        </ul>
      ))}
    </nav>
  )
}

/** Everything that does not fit under the thumb, from below; the browser's own popover closes it. */
const MORE = 'everything'
const closeMore = (): void => document.getElementById(MORE)?.hidePopover()

export const ThumbBar = ({ openMenu }: { openMenu: () => void }) => {
  const mine = useMyPlaces()
  const counts = useCounts()
  return (
    <>
      <nav className={styles.thumb} aria-label={t('main-navigation')}>
        {onThumb(mine).map((place) => (
          <Link
            key={place.key}
            to={place.to ?? '/'}
            className={styles.tap}
            activeOptions={{ exact: place.to === '/', includeSearch: false }}
            activeProps={{ 'data-here': true, 'aria-current': 'page' }}
          >
            <span className={styles.tapIcon}>
              <Icon name={place.icon} size={20} />
              {counts[place.key]?.urgent ? <span className={styles.dot} /> : null}
            </span>
            {place.label}
          </Link>
        ))}
        <button type="button" className={styles.tap} popoverTarget={MORE}>
          <span className={styles.tapIcon}>
            <Icon name="more" size={20} />
            {counts['pages']?.urgent ? <span className={styles.dot} /> : null}
          </span>
          {t('more')}
        </button>
      </nav>
      <div id={MORE} popover="auto" className={styles.sheet}>
        <button
          type="button"
          className={styles.find}
          onClick={() => {
            closeMore()
            openMenu()
          }}
        >
          <Icon name="search" />
          {t('search')}
        </button>
        <NavList onGo={closeMore} />
        <ConnectionNote />
        <SelfRow />
      </div>
    </>
  )
}
