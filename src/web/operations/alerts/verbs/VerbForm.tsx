/** What every dialog of an alert has: a form, the server's no beside it, and the button that sends. */
import type { FormEvent, ReactNode } from 'react'
import { Button } from '../../../parts/Button.tsx'
import { Dialog } from '../../../parts/Dialog.tsx'
import { ErrorNote } from '../../../parts/ErrorNote.tsx'
import { FormActions } from '../../../parts/Field.tsx'
import form from '../../../parts/Form.module.css'

export const VerbForm = ({
  title,
  explanation,
  action,
  busy,
  error,
  ready = true,
  onSend,
  onClose,
  children,
}: {
  title: string
  explanation?: string
  action: string
  busy: boolean
  error: unknown
  ready?: boolean
  onSend: () => void
  onClose: () => void
  children: ReactNode
}) => (
  <Dialog open onClose={onClose} title={title} {...(explanation ? { explanation } : {})}>
    <form
      className={form.form}
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        onSend()
      }}
    >
      {children}
      {error ? <ErrorNote error={error as Error} small /> : null}
      <FormActions>
        <Button type="submit" tone="primary" busy={busy} disabled={!ready}>
          {action}
        </Button>
      </FormActions>
    </form>
  </Dialog>
)
