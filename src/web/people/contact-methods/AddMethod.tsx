/** Adds a way to be reached, then asks for the code that went out on it. */
import { useMutation } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { Button } from '../../parts/Button.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { useDraft } from '../../parts/draft.ts'
import { ErrorNote } from '../../parts/ErrorNote.tsx'
import { FormActions, Select, TextField } from '../../parts/Field.tsx'
import form from '../../parts/Form.module.css'
import { SecretOnce } from '../../parts/SecretOnce.tsx'
import { api, type Input } from '../../shell/api.ts'
import { isFailure } from '../../shell/failure.ts'
import { useMe } from '../../shell/session.ts'
import { EnterCode } from './EnterCode.tsx'
import { refreshMethods, type Kind, type Way } from './queries.ts'
import { t } from './words.ts'

type Fields = ReturnType<typeof useDraft<Draft>>['field']
type Draft = { kind: Kind; number: string; topic: string; url: string }

const bodyOf = ({ kind, number, topic, url }: Draft): Input<'POST /api/me/contact-methods'> => {
  switch (kind) {
    case 'email':
      return { kind }
    case 'sms':
    case 'voice':
      return { kind, number: number.trim() }
    case 'ntfy':
      return { kind, topic: topic.trim() }
    case 'webhook':
      return { kind, url: url.trim() }
  }
}

/** Where the way leads: each kind asks for its own. */
const Address = ({
  draft,
  field,
  faults,
}: {
  draft: Draft
  field: Fields
  faults: Readonly<Record<string, string>>
}) => {
  const { account } = useMe()
  switch (draft.kind) {
    case 'email':
      return <p>{t('email-text', account)}</p>
    case 'sms':
    case 'voice':
      return (
        <TextField
          label={t('number')}
          hint={t('number-hint')}
          type="tel"
          autoComplete="tel"
          required
          maxLength={40}
          fault={faults['number']}
          {...field('number')}
        />
      )
    case 'ntfy':
      return (
        <TextField
          label={t('topic')}
          hint={t('topic-hint')}
          required
          mono
          maxLength={64}
          fault={faults['topic']}
          {...field('topic')}
        />
      )
    case 'webhook':
      return (
        <TextField
          label={t('url')}
          hint={t('url-hint')}
          type="url"
          required
          maxLength={1_000}
          fault={faults['url']}
          {...field('url')}
        />
      )
  }
}

const AddMethod = ({ ways, onClose }: { ways: readonly Way[]; onClose: () => void }) => {
  const { draft, set, field } = useDraft<Draft>({
    kind: ways.find(({ works }) => works)?.kind ?? 'webhook',
    number: '',
    topic: '',
    url: '',
  })
  const add = useMutation({
    mutationFn: () => api('POST /api/me/contact-methods', bodyOf(draft)),
    onSuccess: refreshMethods,
  })
  const faults = isFailure(add.error) ? add.error.fields : {}
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    add.mutate()
  }
  const why = ways.find(({ kind }) => kind === draft.kind)?.why
  if (add.data)
    return (
      <Dialog open onClose={onClose} title={t('code-title')}>
        <EnterCode method={add.data.method} sent={add.data.code} onDone={onClose}>
          {add.data.secret ? <SecretOnce sentence={t('secret')} secret={add.data.secret} /> : null}
        </EnterCode>
      </Dialog>
    )
  return (
    <Dialog open onClose={onClose} title={t('add')}>
      <form className={form.form} onSubmit={submit}>
        <Select
          label={t('kind')}
          value={draft.kind}
          fault={faults['kind'] ?? why ?? undefined}
          onChange={(event) => set({ kind: event.target.value as Kind })}
          choices={ways.map(({ kind, works }) => ({
            value: kind,
            label: works ? t(`kind-${kind}`) : t('kind-missing', { kind: t(`kind-${kind}`) }),
          }))}
        />
        {why ? null : <Address draft={draft} field={field} faults={faults} />}
        {add.error && Object.keys(faults).length === 0 ? <ErrorNote error={add.error} small /> : null}
        <FormActions>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" tone="primary" busy={add.isPending} disabled={Boolean(why)}>
            {t('send-code')}
          </Button>
        </FormActions>
      </form>
    </Dialog>
  )
}
export default AddMethod
