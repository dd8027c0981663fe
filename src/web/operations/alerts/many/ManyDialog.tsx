/** What an act on many alerts still has to know: why, until when, whose, which tags. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useDraft } from '../../../parts/draft.ts'
import { Select, TextArea, TextField } from '../../../parts/Field.tsx'
import { staffQuery } from '../../../people/accounts/queries.ts'
import { snoozeChoices } from '../verbs/snooze-choices.ts'
import { tagsIn } from '../verbs/tags-in.ts'
import { VerbForm } from '../verbs/VerbForm.tsx'
import { t } from '../words.ts'
import type { Act } from './take-back.ts'

export type Asking = Exclude<Act['kind'], 'acknowledge'>
type Draft = { reason: string; minutes: string; owner: string; add: string; remove: string }

const actOf = (kind: Asking, draft: Draft): Act => {
  switch (kind) {
    case 'close':
      return { kind, reason: draft.reason.trim() }
    case 'snooze':
      return { kind, until: Date.now() + Number(draft.minutes) * 60_000 }
    case 'assign':
      return { kind, owner: draft.owner || null }
    case 'tag':
      return { kind, add: tagsIn(draft.add), remove: tagsIn(draft.remove) }
  }
}

const isWhole = (kind: Asking, { reason, add, remove }: Draft): boolean => {
  if (kind === 'close') return reason.trim() !== ''
  return kind !== 'tag' || tagsIn(add).length + tagsIn(remove).length > 0
}

const Fields = ({ kind, field }: { kind: Asking; field: ReturnType<typeof useDraft<Draft>>['field'] }) => {
  const staff = useQuery({ ...staffQuery, enabled: kind === 'assign' }).data?.rows ?? []
  switch (kind) {
    case 'close':
      return <TextArea label={t('close-reason')} required maxLength={500} {...field('reason')} />
    case 'snooze':
      return <Select label={t('snooze-length')} choices={snoozeChoices()} {...field('minutes')} />
    case 'assign':
      return (
        <Select
          label={t('owner')}
          choices={[
            { value: '', label: t('nobody') },
            ...staff.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          {...field('owner')}
        />
      )
    case 'tag':
      return (
        <>
          <TextField label={t('tags-add')} hint={t('tags-hint')} maxLength={1_100} {...field('add')} />
          <TextField label={t('tags-remove')} maxLength={1_100} {...field('remove')} />
        </>
      )
  }
}

const explained = (kind: Asking): string | undefined => {
  if (kind === 'close') return t('close-text')
  if (kind === 'snooze') return t('snooze-text')
  return kind === 'assign' ? t('assign-text') : undefined
}

const ManyDialog = ({
  kind,
  whom,
  busy,
  error,
  onSend,
  onClose,
}: {
  kind: Asking
  /** How many they are, in words. */
  whom: string
  busy: boolean
  error: unknown
  onSend: (act: Act) => void
  onClose: () => void
}) => {
  const [first] = useState<Draft>({ reason: '', minutes: '60', owner: '', add: '', remove: '' })
  const { draft, field } = useDraft<Draft>(first)
  const words = explained(kind)
  return (
    <VerbForm
      title={t(`many-${kind}`, { whom })}
      {...(words === undefined ? {} : { explanation: words })}
      action={t(kind === 'tag' ? 'change-tags' : kind)}
      busy={busy}
      error={error}
      ready={isWhole(kind, draft)}
      onSend={() => onSend(actOf(kind, draft))}
      onClose={onClose}
    >
      <Fields kind={kind} field={field} />
    </VerbForm>
  )
}
export default ManyDialog
