/** What went wrong, what to do, and the id to quote; beside it everything else goes on working. */
import { isFailure } from '../shell/failure.ts'
import { Button } from './Button.tsx'
import { classes } from './classes.ts'
import { Icon } from './Icon.tsx'
import { t } from './words.ts'
import styles from './ErrorNote.module.css'

export const ErrorNote = ({
  error,
  onRetry,
  small = false,
}: {
  error: unknown
  onRetry?: () => unknown
  small?: boolean
}) => {
  const failure = isFailure(error) ? error : undefined
  const title = failure?.code === 'offline' ? t('offline-title') : (failure?.title ?? t('failed-title'))
  return (
    <div className={classes(styles.note, small && styles.small)} role="alert">
      <Icon name="warning" />
      <div className={styles.words}>
        <p className={styles.title}>{title}</p>
        {failure ? <p>{failure.message}</p> : null}
        {failure?.requestId ? (
          <p className={styles.id}>{t('request-id', { id: failure.requestId })}</p>
        ) : null}
      </div>
      {onRetry ? (
        <Button size="small" onClick={() => void onRetry()}>
          {t('try-again')}
        </Button>
      ) : null}
    </div>
  )
}
