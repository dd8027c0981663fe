/** Asks before something that cannot be undone. */
import { Button } from './Button.tsx'
import { Dialog } from './Dialog.tsx'
import { ErrorNote } from './ErrorNote.tsx'
import { FormActions } from './Field.tsx'
import form from './Form.module.css'
import { t } from './words.ts'

const Confirm = ({
  title,
  explanation,
  action,
  busy,
  error,
  onConfirm,
  onClose,
}: {
  title: string
  explanation: string
  action: string
  busy: boolean
  error: unknown
  onConfirm: () => void
  onClose: () => void
}) => (
  <Dialog open onClose={onClose} title={title} explanation={explanation}>
    <form
      className={form.form}
      onSubmit={(event) => {
        event.preventDefault()
        onConfirm()
      }}
    >
      {error ? <ErrorNote error={error} small /> : null}
      <FormActions>
        <Button onClick={onClose}>{t('cancel')}</Button>
        <Button type="submit" tone="danger" busy={busy}>
          {action}
        </Button>
      </FormActions>
    </form>
  </Dialog>
)
export default Confirm
