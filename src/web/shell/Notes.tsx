/** What the frame itself has to say: that the connection is lost, or that the installation is held. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Icon } from '../parts/Icon.tsx'
import { classes } from '../parts/classes.ts'
import { installationQuery } from './installation.ts'
import { useConnection } from './live.ts'
import styles from './Notes.module.css'
import { useMay } from './session.ts'
import { t } from './words.ts'

/** A quiet dot while all is well; a strip over the view when what is shown may be old. */
export const ConnectionNote = ({ banner = false }: { banner?: boolean }) => {
  const connection = useConnection()
  if (banner)
    return (
      <output className={styles.output}>
        {connection === 'stale' ? (
          <span className={styles.strip}>
            <Icon name="offline" />
            <span>{t('stale-long')}</span>
          </span>
        ) : null}
      </output>
    )
  return (
    <p className={classes(styles.connection, styles[connection])}>
      <span className={styles.dot} aria-hidden="true" />
      {t(connection)}
    </p>
  )
}

export const HeldNote = () => {
  const may = useMay()
  const held = useQuery({ ...installationQuery, enabled: may('installation.read') }).data?.held
  if (!held) return null
  return (
    <div className={classes(styles.strip, styles.heldStrip)} role="alert">
      <Icon name="warning" />
      <span>
        <strong>{t('held-title')}.</strong> {held.reason} {t('held-text')}{' '}
        <Link to="/settings/$section" params={{ section: 'installation' }} className="link">
          {t('held-open')}
        </Link>
      </span>
    </div>
  )
}
