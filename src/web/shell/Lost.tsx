/** What is shown when an address leads nowhere, or a view breaks: never a blank page. */
import { Link, type ErrorComponentProps } from '@tanstack/react-router'
import { Button, buttonLook } from '../parts/Button.tsx'
import { EmptyState } from '../parts/EmptyState.tsx'
import { ErrorNote } from '../parts/ErrorNote.tsx'
import { isFailure } from './failure.ts'
import styles from './Lost.module.css'
import { t } from './words.ts'

export const NotFound = () => (
  <main className={styles.lost}>
    <EmptyState
      alone
      icon="search"
      title={t('not-found-title')}
      action={
        <Link to="/" className={buttonLook('plain')}>
          {t('not-found-home')}
        </Link>
      }
    >
      {t('not-found-text')}
    </EmptyState>
  </main>
)

export const Crashed = ({ error, reset }: ErrorComponentProps) => (
  <main className={styles.lost}>
    {isFailure(error) ? (
      <ErrorNote
        error={error}
        onRetry={() => {
          reset()
          window.location.reload()
        }}
      />
    ) : (
      <EmptyState
        alone
        icon="warning"
        title={t('crashed-title')}
        action={<Button onClick={() => window.location.reload()}>{t('crashed-reload')}</Button>}
      >
        <p>{t('crashed-text')}</p>
        <p className="mono">{error instanceof Error ? error.message : String(error)}</p>
      </EmptyState>
    )}
  </main>
)
