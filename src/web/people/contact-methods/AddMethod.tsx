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
type Draft = { kind: Kind; member: string; username: string; number: string; topic: string; url: string }

const bodyOf = ({
  kind,
  member,
  username,
  number,
  topic,
  url,
}: Draft): Input<'POST /api/me/contact-methods'> => {
  switch (kind) {
    case 'email':
      return { kind }
    case 'sms':
    case 'voice':
      return { kind, number: number.trim() }
    case 'slack':
      return { kind, member: member.trim() }
    case 'mattermost':
      return { kind, username: username.trim() }
    case 'ntfy':
      return { kind, topic: topic.trim() }
    case 'webhook':
      return { kind, url: url.trim() }
  }
}

type Typed = Exclude<Kind, 'email'>
/** What each kind asks for: a draft's field, and how its text is typed. */
const asked = {
  sms: { name: 'number', type: 'tel', autoComplete: 'tel', maxLength: 40 },
  voice: { name: 'number', type: 'tel', autoComplete: 'tel', maxLength: 40 },
  slack: { name: 'member', mono: true, maxLength: 40 },
  mattermost: { name: 'username', maxLength: 65 },
  ntfy: { name: 'topic', mono: true, maxLength: 64 },
  webhook: { name: 'url', type: 'url', maxLength: 1_000 },
} as const satisfies Record<Typed, { name: keyof Draft; [attribute: string]: unknown }>

/** Where the way leads; mail leads to the address of the account. */
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
  if (draft.kind === 'email') return <p>{t('email-text', account)}</p>
  const { name, ...attributes } = asked[draft.kind]
  return (
    <TextField
      {...attributes}
      label={t(name)}
      hint={name === 'username' ? undefined : t(`${name}-hint`)}
      required
      fault={faults[name]}
      {...field(name)}
    />
  )
}

const AddMethod = ({ ways, onClose }: { ways: readonly Way[]; onClose: () => void }) => {
  const { draft, set, field } = useDraft<Draft>({
    kind: ways.find(({ works }) => works)?.kind ?? 'webhook',
    member: '',
    username: '',
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
