/** Making an API token that may no more than its person. */
import { useMutation } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { Button } from '../../parts/Button.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { useDraft } from '../../parts/draft.ts'
import { Command } from '../../parts/EmptyState.tsx'
import { ErrorNote } from '../../parts/ErrorNote.tsx'
import { FormActions, Select, TextField } from '../../parts/Field.tsx'
import form from '../../parts/Form.module.css'
import { SecretOnce } from '../../parts/SecretOnce.tsx'
import { api } from '../../shell/api.ts'
import { isFailure } from '../../shell/failure.ts'
import { queryClient } from '../../shell/query-client.ts'
import { useMe } from '../../shell/session.ts'
import { tokensQuery } from './queries.ts'
import { t } from './words.ts'

const DAY_MS = 86_400_000

const MakeToken = ({ onClose }: { onClose: () => void }) => {
  const { permissions } = useMe()
  const { draft, field } = useDraft({ name: '', scope: 'all', days: '90' })
  const make = useMutation({
    mutationFn: () =>
      api('POST /api/me/tokens', {
        name: draft.name,
        scopes:
          draft.scope === 'all' ? ['*'] : permissions.filter((permission) => permission.endsWith('.read')),
        ...(draft.days === 'never' ? {} : { expiresAt: Date.now() + Number(draft.days) * DAY_MS }),
      }),
    onSuccess: () => void queryClient.invalidateQueries({ queryKey: tokensQuery.queryKey }),
  })
  const faults = isFailure(make.error) ? make.error.fields : {}
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    make.mutate()
  }
  return (
    <Dialog open onClose={onClose} title={t('token-make')}>
      {make.data ? (
        <div className={form.form}>
          <SecretOnce sentence={t('token-made')} secret={make.data.secret}>
            <p>{t('token-use')}</p>
            <Command
              text={`export FORTNIGHT_URL=${window.location.origin}\nexport FORTNIGHT_TOKEN=${make.data.secret}`}
            />
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
            label={t('token-name')}
            required
            maxLength={100}
            fault={faults['name']}
            {...field('name')}
          />
          <div className={form.pair}>
            <Select
              label={t('token-scope')}
              fault={faults['scopes']}
              {...field('scope')}
              choices={[
                { value: 'all', label: t('scope-all') },
                { value: 'read', label: t('scope-read') },
              ]}
            />
            <Select
              label={t('token-expires')}
              fault={faults['expiresAt']}
              {...field('days')}
              choices={[
                { value: '30', label: t('expires-30') },
                { value: '90', label: t('expires-90') },
                { value: '365', label: t('expires-365') },
                { value: 'never', label: t('expires-never') },
              ]}
            />
          </div>
          {make.error ? <ErrorNote error={make.error} small /> : null}
          <FormActions>
            <Button type="submit" tone="primary" busy={make.isPending}>
              {t('token-make')}
            </Button>
          </FormActions>
        </form>
      )}
    </Dialog>
  )
}
export default MakeToken
