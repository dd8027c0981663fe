/** The end of a long form, always in sight: whether anything is unsaved, the way back and the way on. */
import { useBlocker } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { Button } from '../../../parts/Button.tsx'
import { useKeys } from '../../../parts/keys.ts'
import styles from './Editing.module.css'
import { t } from './words.ts'

const Confirm = lazy(() => import('../../../parts/Confirm.tsx'))

/** Asks before somebody walks away from what they wrote; the browser asks by itself when the window is closed. */
const Leaving = ({ unsaved }: { unsaved: boolean }) => {
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: () => unsaved,
    enableBeforeUnload: () => unsaved,
    withResolver: true,
  })
  return status === 'blocked' ? (
    <Confirm
      title={t('leave-title')}
      explanation={t('leave-text')}
      action={t('leave')}
      busy={false}
      error={undefined}
      onConfirm={proceed}
      onClose={reset}
    />
  ) : null
}

export const SaveBar = ({
  action,
  unsaved,
  busy,
  disabled,
  onDiscard,
}: {
  action: string
  unsaved: boolean
  busy: boolean
  disabled: boolean
  onDiscard: () => void
}) => {
  useKeys([
    {
      keys: 'mod+enter',
      label: action,
      everywhere: true,
      run: () => document.querySelector<HTMLFormElement>('form[data-editor]')?.requestSubmit(),
    },
  ])
  return (
    <div className={styles.save}>
      <Suspense>
        <Leaving unsaved={unsaved && !busy} />
      </Suspense>
      <p aria-live="polite">{unsaved ? t('unsaved') : t('unchanged')}</p>
      <Button onClick={onDiscard} disabled={!unsaved || busy}>
        {t('discard')}
      </Button>
      <Button type="submit" tone="primary" busy={busy} disabled={disabled} keys="mod+enter">
        {action}
      </Button>
    </div>
  )
}
