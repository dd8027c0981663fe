/** Making an integration key: its secret is shown once, with how to use it. */
import { useMutation } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { Button } from '../../parts/Button.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { useDraft } from '../../parts/draft.ts'
import { Command } from '../../parts/EmptyState.tsx'
import { ErrorNote } from '../../parts/ErrorNote.tsx'
import { FormActions, TextField } from '../../parts/Field.tsx'
import form from '../../parts/Form.module.css'
import { SecretOnce } from '../../parts/SecretOnce.tsx'
import { api } from '../../shell/api.ts'
import { isFailure } from '../../shell/failure.ts'
import { queryClient } from '../../shell/query-client.ts'
import { t } from './words.ts'

const receiver = (secret: string): string =>
  [
    'receivers:',
    '  - name: fortnight',
    '    webhook_configs:',
    `      - url: ${window.location.origin}/integrations/alertmanager`,
    '        http_config:',
    '          authorization:',
    `            credentials: ${secret}`,
  ].join('\n')

const MakeKey = ({ environment, onClose }: { environment: string; onClose: () => void }) => {
  const { draft, field } = useDraft({ name: 'alertmanager' })
  const make = useMutation({
    mutationFn: () => api('POST /api/environments/:environment/keys', { environment, ...draft }),
    onSuccess: () => void queryClient.invalidateQueries({ queryKey: ['environments', 'keys'] }),
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    make.mutate()
  }
  return (
    <Dialog open onClose={onClose} title={t('make-key')} wide={make.isSuccess}>
      {make.data ? (
        <div className={form.form}>
          <SecretOnce sentence={t('key-made')} secret={make.data.secret}>
            <p>{t('key-use')}</p>
            <Command text={receiver(make.data.secret)} />
          </SecretOnce>
          <FormActions>
            <Button tone="primary" onClick={onClose}>
              {t('done')}
            </Button>
          </FormActions>
        </div>
      ) : (
        <form onSubmit={submit} className={form.form}>
          <TextField
            label={t('key-name')}
            required
            maxLength={100}
            fault={isFailure(make.error) ? make.error.fields['name'] : undefined}
            {...field('name')}
          />
          {make.error ? <ErrorNote error={make.error} small /> : null}
          <FormActions>
            <Button type="submit" tone="primary" busy={make.isPending}>
              {t('make-key')}
            </Button>
          </FormActions>
        </form>
      )}
    </Dialog>
  )
}
export default MakeKey
