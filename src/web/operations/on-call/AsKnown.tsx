/** A rota as it was known on a day: what was corrected since is not in it. */
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { buttonLook } from '../../parts/Button.tsx'
import { TextField } from '../../parts/Field.tsx'
import styles from './OnCall.module.css'
import { useWindow } from './rota-window.ts'
import { t } from './words.ts'

const route = getRouteApi('/frame/on-call')

export const AsKnown = () => {
  const navigate = useNavigate()
  const search = route.useSearch()
  const { knownOn, today } = useWindow()
  return (
    <details className={styles.known} open={knownOn !== undefined}>
      <summary>{t('as-known')}</summary>
      <TextField
        label={t('known-on')}
        hint={t('known-hint')}
        type="date"
        max={today}
        value={knownOn ?? ''}
        onChange={({ target }) =>
          void navigate({ to: '/on-call', search: { ...search, known: target.value || undefined } })
        }
      />
      {knownOn === undefined ? null : (
        <Link to="/on-call" search={{ ...search, known: undefined }} className={buttonLook('plain', 'small')}>
          {t('known-now')}
        </Link>
      )}
    </details>
  )
}
