/** A link by which a person sets their password; made when asked for, shown once. */
import { useMutation } from '@tanstack/react-query'
import { dayAndTime } from '../../messages/format.ts'
import { Button } from '../../parts/Button.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { ErrorNote } from '../../parts/ErrorNote.tsx'
import { FormActions } from '../../parts/Field.tsx'
import form from '../../parts/Form.module.css'
import { useReader } from '../../parts/reader.ts'
import { SecretOnce } from '../../parts/SecretOnce.tsx'
import { api } from '../../shell/api.ts'
import type { Account } from './queries.ts'
import { t } from './words.ts'

const Invitation = ({ account, onClose }: { account: Account; onClose: () => void }) => {
  const reader = useReader()
  const invite = useMutation({
    mutationFn: () => api('POST /api/accounts/:accountId/invitation', { accountId: account.id }),
  })
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('people-invite-title', account)}
      explanation={t('people-invite-text')}
    >
      <div className={form.form}>
        {invite.data ? (
          <SecretOnce
            sentence={t('people-link-expires', { when: dayAndTime(invite.data.expiresAt, reader) })}
            secret={invite.data.link}
          />
        ) : null}
        {invite.error ? <ErrorNote error={invite.error} small /> : null}
        <FormActions>
          {invite.data ? (
            <Button tone="primary" onClick={onClose}>
              {t('done')}
            </Button>
          ) : (
            <Button tone="primary" busy={invite.isPending} onClick={() => invite.mutate()}>
              {t('people-invite')}
            </Button>
          )}
        </FormActions>
      </div>
    </Dialog>
  )
}
export default Invitation
