/** A question that must be answered before going on; a sheet from below on a phone. Loaded only by views that ask something. */
import { Dialog as Base } from '@base-ui/react/dialog'
import { useRef, type ReactNode } from 'react'
import { Icon } from './Icon.tsx'
import { classes } from './classes.ts'
import { t } from './words.ts'
import styles from './Dialog.module.css'

export const Dialog = ({
  open,
  onClose,
  title,
  explanation,
  wide = false,
  children,
}: {
  open: boolean
  onClose: () => void
  title: string
  explanation?: ReactNode
  wide?: boolean
  children: ReactNode
}) => {
  const popup = useRef<HTMLDivElement>(null)
  return (
    <Base.Root open={open} onOpenChange={(next) => (next ? undefined : onClose())}>
      <Base.Portal>
        <Base.Backdrop className={styles.backdrop} />
        <Base.Popup
          ref={popup}
          className={classes(styles.popup, wide && styles.wide)}
          // The first thing to fill in, not the button that closes.
          initialFocus={() =>
            popup.current?.querySelector<HTMLElement>('form :is(input, select, textarea, button)') ?? true
          }
        >
          <header className={styles.header}>
            <Base.Title className={styles.title}>{title}</Base.Title>
            <Base.Close className={styles.close} aria-label={t('close')}>
              <Icon name="close" />
            </Base.Close>
          </header>
          {explanation ? (
            <Base.Description className={styles.explanation}>{explanation}</Base.Description>
          ) : null}
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}
